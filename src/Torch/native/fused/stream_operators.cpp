// Operators on the residual stream with their gradients, in libtorch's own table: bench::normalise and its like are called as aten::add is.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "sums.h"

namespace bench {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// s = x + gate · (branch + bias), and (s - mean) / deviation · weight · (1 + scale) + shift.
struct Normalise : torch::autograd::Function<Normalise> {
    static variable_list forward(AutogradContext* context, const Tensor& x, const optional<Tensor>& branch, const optional<Tensor>& bias, const optional<Tensor>& gates, int64_t gate,
                                 const Tensor& weight, const optional<Tensor>& table, const optional<Tensor>& index, int64_t shift, int64_t scale, int64_t type) {
        const int64_t tokens = rows_of(x), width = x.size(-1);
        const auto m = modulation(given(table), given(index), tokens, width, shift, scale);
        const Tensor added = given(branch);
        require(!added.defined() || added.numel() == x.numel(), "a branch has the shape of the residual stream");
        require(added.defined() || (!given(bias).defined() && !given(gates).defined()), "a bias and a gate belong to a branch");
        require(!given(table).defined() || !given(gates).defined() || table->size(0) == gates->size(0), "gates and modulation have the same rows");
        Tensor stream = added.defined() ? at::empty_like(x) : x;
        Tensor y = at::empty(x.sizes(), x.options().dtype(static_cast<at::ScalarType>(type)));
        const Element kind = element(y);
        const Branch joining = joined(added, given(bias), given(gates), given(index), gate, kind, tokens, width);
        at::parallel_for(0, tokens, grain,
                         [&](int64_t from, int64_t to) { kernels().normalise(kind, joining, floats(x), floats(weight), m, stream.data_ptr<float>(), y.data_ptr(), from, to, width); });
        // Of the branch itself only its gate's gradient asks.
        context->save_for_backward({stream, given(gates).defined() ? added : Tensor(), given(bias), given(gates), weight, given(table), given(index)});
        context->saved_data["joins"] = added.defined();
        context->saved_data["gate"] = gate;
        context->saved_data["shift"] = shift;
        context->saved_data["scale"] = scale;
        context->saved_data["type"] = type;
        context->set_materialize_grads(false);
        return {stream, y};
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        require_first_derivative();
        const auto saved = context->get_saved_variables();
        const Tensor &stream = saved[0], &branch = saved[1], &bias = saved[2], &gates = saved[3], &weight = saved[4], &table = saved[5], &index = saved[6];
        const int64_t width = stream.size(-1), tokens = stream.numel() / width;
        const auto options = stream.options().dtype(static_cast<at::ScalarType>(context->saved_data["type"].toInt()));
        const Tensor gstream = gradients[0].defined() ? gradients[0].contiguous() : Tensor();
        const Tensor gy = gradients[1].defined() ? gradients[1].contiguous() : at::zeros(stream.sizes(), options);
        const Element kind = element(gy);
        const auto m = modulation(table, index, tokens, width, context->saved_data["shift"].toInt(), context->saved_data["scale"].toInt());
        const Branch joining = joined(branch, bias, gates, index, context->saved_data["gate"].toInt(), kind, tokens, width);
        Tensor gx = at::empty_like(stream), gbranch = context->saved_data["joins"].toBool() ? at::empty(stream.sizes(), options) : Tensor();
        const Tensor& rows = table.defined() ? table : gates;
        const Pieces pieces(tokens, integers(index), rows.defined() ? rows.size(0) : 0, width);
        VectorSum gweight(pieces, width), gbias(pieces, bias.defined() ? width : 0);
        RowSums gtable(pieces, table, 2, width), ggates(pieces, gates, 1, width);
        pieces.for_each([&](int64_t piece, int64_t from, int64_t to) {
            auto mine = m;
            auto its = joining;
            mine.gradient = gtable.of(piece);
            its.gates.gradient = ggates.of(piece);
            kernels().normalise_back(kind, its, floats(stream), floats(weight), mine, floats(gstream), gy.data_ptr(), gx.data_ptr<float>(), gbranch.defined() ? gbranch.data_ptr() : nullptr,
                                     gweight.of(piece), gbias.of(piece), from, to, width);
        });
        return {gx, gbranch, bias.defined() ? gbias.all() : Tensor(), ggates.all(joining.gates), Tensor(), gweight.all(), gtable.all(m), Tensor(), Tensor(), Tensor(), Tensor()};
    }

   private:
    static Branch joined(const Tensor& output, const Tensor& bias, const Tensor& gates, const Tensor& index, int64_t gate, Element kind, int64_t tokens, int64_t width) {
        require(!output.defined() || element(output) == kind, "a branch has the type of products");
        return {output.defined() ? output.data_ptr() : nullptr, floats(bias), modulation(gates, index, tokens, width, gate, 0)};
    }
};

// GELU's tanh form of x + bias.
struct Gelu : torch::autograd::Function<Gelu> {
    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& bias) {
        const int64_t tokens = rows_of(x), width = x.size(-1);
        Tensor y = at::empty_like(x);
        const Element kind = element(x);
        at::parallel_for(0, tokens, grain / 4, [&](int64_t from, int64_t to) { kernels().gelu(kind, x.data_ptr(), floats(bias), y.data_ptr(), from, to, width); });
        context->save_for_backward({x, bias});
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        require_first_derivative();
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &bias = saved[1], gy = gradients[0].contiguous();
        const int64_t width = x.size(-1), tokens = x.numel() / width;
        const Pieces pieces(tokens, nullptr, 0, width);
        VectorSum gbias(pieces, width);
        Tensor gx = at::empty_like(x);
        const Element kind = element(gy);
        pieces.for_each([&](int64_t piece, int64_t from, int64_t to) { kernels().gelu_back(kind, x.data_ptr(), floats(bias), gy.data_ptr(), gx.data_ptr(), gbias.of(piece), from, to, width); });
        return {gx, gbias.all()};
    }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(bench, library) {
    library.def("normalise(Tensor x, Tensor? branch, Tensor? bias, Tensor? gates, int gate, Tensor weight, Tensor? table, Tensor? index, int shift, int scale, int type) -> (Tensor, Tensor)",
                [](const Tensor& x, const optional<Tensor>& branch, const optional<Tensor>& bias, const optional<Tensor>& gates, int64_t gate, const Tensor& weight, const optional<Tensor>& table,
                   const optional<Tensor>& index, int64_t shift, int64_t scale, int64_t type) {
                    const auto both = Normalise::apply(x, branch, bias, gates, gate, weight, table, index, shift, scale, type);
                    return std::make_tuple(both[0], both[1]);
                });
    library.def("gelu(Tensor x, Tensor bias) -> Tensor", [](const Tensor& x, const Tensor& bias) { return Gelu::apply(x, bias); });
}

}  // namespace bench
