// The cross-entropy with its gradient.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "sums.h"

namespace bench {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// -ln softmax(logits + bias)[target], the closed entry taken out.
struct Surprise : torch::autograd::Function<Surprise> {
    static Tensor forward(AutogradContext* context, const Tensor& logits, const optional<Tensor>& bias, const Tensor& targets, int64_t closed) {
        const int64_t tokens = rows_of(logits), width = logits.size(-1);
        require(targets.numel() == tokens, "each row of logits needs a target");
        const auto options = logits.options().dtype(at::kFloat);
        Tensor nats = at::empty(targets.sizes(), options), norms = at::empty({tokens}, options);
        const Element kind = element(logits);
        const int64_t* wanted = integers(targets);
        for (int64_t i = 0; i < tokens; i++) require(wanted[i] >= 0 && wanted[i] < width, "a target is outside the vocabulary");
        at::parallel_for(0, tokens, std::max<int64_t>(1, 8192 / width), [&](int64_t from, int64_t to) {
            kernels().surprise(kind, logits.data_ptr(), floats(given(bias)), wanted, closed, nats.data_ptr<float>(), norms.data_ptr<float>(), from, to, width);
        });
        context->save_for_backward({logits, given(bias), targets, norms});
        context->saved_data["closed"] = closed;
        return nats;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        require_first_derivative();
        const auto saved = context->get_saved_variables();
        const Tensor &logits = saved[0], &bias = saved[1], &targets = saved[2], &norms = saved[3], gnats = gradients[0].contiguous();
        const int64_t width = logits.size(-1), tokens = norms.numel();
        const Pieces pieces(tokens, nullptr, 0, width);
        VectorSum gbias(pieces, bias.defined() ? width : 0);
        Tensor glogits = at::empty_like(logits);
        const Element kind = element(logits);
        pieces.for_each([&](int64_t piece, int64_t from, int64_t to) {
            kernels().surprise_back(kind, logits.data_ptr(), floats(bias), integers(targets), context->saved_data["closed"].toInt(), norms.data_ptr<float>(), floats(gnats), glogits.data_ptr(),
                                    gbias.of(piece), from, to, width);
        });
        return {glogits, bias.defined() ? gbias.all() : Tensor(), Tensor(), Tensor()};
    }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(bench, library) {
    library.def("surprise(Tensor logits, Tensor? bias, Tensor targets, int closed) -> Tensor",
                [](const Tensor& logits, const optional<Tensor>& bias, const Tensor& targets, int64_t closed) { return Surprise::apply(logits, bias, targets, closed); });
}

}  // namespace bench
