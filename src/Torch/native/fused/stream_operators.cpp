// Operators on the residual stream with their gradients, in libtorch's own table: bench::normalise and its like are called as aten::add is.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "sums.h"

namespace bench {

namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// (x - mean) / deviation · weight · (1 + scale) + shift.
struct Normalise : torch::autograd::Function<Normalise> {
    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const optional<Tensor>& table, const optional<Tensor>& index, int64_t shift, int64_t scale,
                          int64_t type) {
        const int64_t width = x.size(-1), tokens = x.numel() / width;
        const auto m = modulation(given(table), given(index), tokens, width, shift, scale);
        Tensor y = at::empty(x.sizes(), x.options().dtype(static_cast<at::ScalarType>(type)));
        const Element kind = element(y);
        at::parallel_for(0, tokens, grain, [&](int64_t from, int64_t to) { kernels().normalise(kind, floats(x), floats(weight), m, y.data_ptr(), from, to, width); });
        context->save_for_backward({x, weight, given(table), given(index)});
        context->saved_data["shift"] = shift;
        context->saved_data["scale"] = scale;
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &weight = saved[1], &table = saved[2], gy = gradients[0].contiguous();
        const int64_t width = x.size(-1), tokens = x.numel() / width;
        auto m = modulation(table, saved[3], tokens, width, context->saved_data["shift"].toInt(), context->saved_data["scale"].toInt());
        Sums sums(tokens, width, m, table.defined() ? table.size(0) : 0, width);
        Tensor gx = at::empty_like(x);
        const Element kind = element(gy);
        sums.each_piece([&](float* vector, float* rows, int64_t from, int64_t to) {
            auto mine = m;
            mine.gradient = rows;
            kernels().normalise_back(kind, floats(x), floats(weight), mine, gy.data_ptr(), gx.data_ptr<float>(), vector, from, to, width);
        });
        return {gx, sums.vector(), sums.table(m, true), Tensor(), Tensor(), Tensor(), Tensor()};
    }
};

// x + gate · (branch + bias).
struct Gate : torch::autograd::Function<Gate> {
    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& branch, const optional<Tensor>& bias, const optional<Tensor>& table, const optional<Tensor>& index, int64_t gate) {
        const int64_t width = x.size(-1), tokens = x.numel() / width;
        require(branch.numel() == x.numel(), "a branch has the shape of the residual stream");
        const auto m = modulation(given(table), given(index), tokens, width, gate, 0);
        Tensor y = at::empty_like(x);
        const Element kind = element(branch);
        at::parallel_for(0, tokens, grain,
                         [&](int64_t from, int64_t to) { kernels().gate(kind, floats(x), branch.data_ptr(), floats(given(bias)), m, y.data_ptr<float>(), from, to, width); });
        context->save_for_backward({m.table ? branch : Tensor(), given(bias), given(table), given(index)});
        context->saved_data["gate"] = gate;
        context->saved_data["type"] = static_cast<int64_t>(branch.scalar_type());
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &branch = saved[0], &bias = saved[1], &table = saved[2], gy = gradients[0].contiguous();
        const int64_t width = gy.size(-1), tokens = gy.numel() / width;
        auto m = modulation(table, saved[3], tokens, width, context->saved_data["gate"].toInt(), 0);
        Sums sums(tokens, bias.defined() ? width : 0, m, table.defined() ? table.size(0) : 0, width);
        Tensor gbranch = at::empty(gy.sizes(), gy.options().dtype(static_cast<at::ScalarType>(context->saved_data["type"].toInt())));
        const Element kind = element(gbranch);
        sums.each_piece([&](float* vector, float* rows, int64_t from, int64_t to) {
            auto mine = m;
            mine.gradient = rows;
            kernels().gate_back(kind, m.table ? branch.data_ptr() : nullptr, floats(bias), mine, floats(gy), gbranch.data_ptr(), vector, from, to, width);
        });
        return {gy, gbranch, bias.defined() ? sums.vector() : Tensor(), sums.table(m, false), Tensor(), Tensor()};
    }
};

// GELU's tanh form of x + bias.
struct Gelu : torch::autograd::Function<Gelu> {
    static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& bias) {
        const int64_t width = x.size(-1), tokens = x.numel() / width;
        Tensor y = at::empty_like(x);
        const Element kind = element(x);
        at::parallel_for(0, tokens, grain / 4, [&](int64_t from, int64_t to) { kernels().gelu(kind, x.data_ptr(), floats(bias), y.data_ptr(), from, to, width); });
        context->save_for_backward({x, bias});
        return y;
    }

    static variable_list backward(AutogradContext* context, const variable_list& gradients) {
        const auto saved = context->get_saved_variables();
        const Tensor &x = saved[0], &bias = saved[1], gy = gradients[0].contiguous();
        const int64_t width = x.size(-1), tokens = x.numel() / width;
        Sums sums(tokens, width, modulation(Tensor(), Tensor(), tokens, width, 0, 0), 0, width);
        Tensor gx = at::empty_like(x);
        const Element kind = element(gy);
        sums.each_piece([&](float* vector, float*, int64_t from, int64_t to) { kernels().gelu_back(kind, x.data_ptr(), floats(bias), gy.data_ptr(), gx.data_ptr(), vector, from, to, width); });
        return {gx, sums.vector()};
    }
};

}  // namespace

TORCH_LIBRARY_FRAGMENT(bench, library) {
    library.def("normalise(Tensor x, Tensor weight, Tensor? table, Tensor? index, int shift, int scale, int type) -> Tensor",
                [](const Tensor& x, const Tensor& weight, const optional<Tensor>& table, const optional<Tensor>& index, int64_t shift, int64_t scale, int64_t type) {
                    return Normalise::apply(x, weight, table, index, shift, scale, type);
                });
    library.def("gate(Tensor x, Tensor branch, Tensor? bias, Tensor? table, Tensor? index, int gate) -> Tensor",
                [](const Tensor& x, const Tensor& branch, const optional<Tensor>& bias, const optional<Tensor>& table, const optional<Tensor>& index, int64_t gate) {
                    return Gate::apply(x, branch, bias, table, index, gate);
                });
    library.def("gelu(Tensor x, Tensor bias) -> Tensor", [](const Tensor& x, const Tensor& bias) { return Gelu::apply(x, bias); });
}

}  // namespace bench
