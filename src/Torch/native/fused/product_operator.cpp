// Linear layers in float32 by oneDNN, whose products of the shapes that small networks have are up to twice as quick as OpenBLAS's.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "../bench_torch.h"
#include "sums.h"

// oneDNN's product of row-major matrices, C = alpha · op(A) op(B) + beta · C; null where libtorch brings no oneDNN that can be called.
extern "C" __attribute__((weak)) int dnnl_sgemm(char transa, char transb, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda, const float* b, int64_t ldb, float beta, float* c,
                                                int64_t ldc);

namespace bench {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Larger gradients of weights are quicker in OpenBLAS: measured at 256 × 1024, with 2,000 to 8,000 tokens.
constexpr int64_t most_weights = 1 << 17;

// oneDNN has loops by hand for x86 alone. MKL's products were not held against them; it is left as it is.
bool calls_onednn() {
#if defined(__x86_64__)
    return dnnl_sgemm && !at::hasMKL();
#else
    return false;
#endif
}

// op(a) op(b), [rows, inner] and [inner, columns], added to what is in c where it `adds`.
void multiply(bool transposes_a, bool transposes_b, int64_t rows, int64_t columns, int64_t inner, const Tensor& a, const Tensor& b, Tensor& c, bool adds) {
    at::internal::lazy_init_num_threads();
    const int status =
        dnnl_sgemm(transposes_a ? 'T' : 'N', transposes_b ? 'T' : 'N', rows, columns, inner, 1.0f, floats(a), a.size(1), floats(b), b.size(1), adds ? 1.0f : 0.0f, floats(c), columns);
    if (status != 0) throw std::runtime_error("oneDNN refuses a product");
}

// x Wᵀ + b.
struct Product : torch::autograd::Function<Product> {
    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const optional<Tensor>& bias) {
        require(weight.dim() == 2 && x.dim() > 0 && x.size(-1) == weight.size(1) && weight.size(1) > 0, "rows are [.., inner] and a weight is [outer, inner], with something inside");
        require(!given(bias).defined() || bias->numel() == weight.size(0), "a bias is [outer]");
        const int64_t inner = weight.size(1), outer = weight.size(0);
        const Tensor rows = x.reshape({-1, inner}).contiguous(), w = weight.contiguous();
        auto sizes = x.sizes().vec();
        sizes.back() = outer;
        Tensor y;
        if (calls_onednn() && rows.size(0) > 0 && outer > 0) {
            y = at::empty(sizes, x.options());
            if (given(bias).defined()) y.copy_(*bias);
            multiply(false, true, rows.size(0), outer, inner, rows, w, y, given(bias).defined());
        } else {
            y = at::linear(x, weight, given(bias));
        }
        context->save_for_backward({rows, w});
        context->saved_data["sizes"] = x.sizes().vec();
        context->saved_data["x"] = x.requires_grad();
        context->saved_data["weight"] = weight.requires_grad();
        context->saved_data["bias"] = given(bias).defined() && bias->requires_grad();
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        require_first_derivative();
        const auto saved = context->get_saved_variables();
        const Tensor &rows = saved[0], &weight = saved[1];
        const int64_t count = rows.size(0), inner = weight.size(1), outer = weight.size(0);
        const Tensor gy = gradients[0].reshape({count, outer}).contiguous();
        const bool calling = calls_onednn() && count > 0 && outer > 0;
        Tensor gx, gweight, gbias;
        if (context->saved_data["x"].toBool()) {
            if (calling) {
                gx = at::empty({count, inner}, gy.options());
                multiply(false, false, count, inner, outer, gy, weight, gx, false);
            } else {
                gx = at::mm(gy, weight);
            }
            gx = gx.view(context->saved_data["sizes"].toIntVector());
        }
        if (context->saved_data["weight"].toBool()) {
            if (calling && weight.numel() <= most_weights) {
                gweight = at::empty_like(weight);
                multiply(true, false, outer, inner, count, gy, rows, gweight, false);
            } else {
                gweight = at::mm(gy.t(), rows);
            }
        }
        if (context->saved_data["bias"].toBool()) gbias = gy.sum(0);
        return {gx, gweight, gbias};
    }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(bench, library) {
    library.def("product(Tensor x, Tensor weight, Tensor? bias) -> Tensor", [](const Tensor& x, const Tensor& weight, const optional<Tensor>& bias) { return Product::apply(x, weight, bias); });
}

}  // namespace bench

BT_EXPORT int bt_calls_onednn() { return bench::calls_onednn(); }
