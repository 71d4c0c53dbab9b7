// Gradients: modes are thread-local in libtorch, and so they are here.
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include "bench_torch.h"

namespace {

std::vector<at::Tensor> tensors(c10::TensorImpl* const* handles, int32_t count) {
    std::vector<at::Tensor> list;
    list.reserve(static_cast<size_t>(count));
    for (int32_t i = 0; i < count; i++) list.push_back(handles[i] ? bench::borrow(handles[i]) : at::Tensor());
    return list;
}

}  // namespace

BT_EXPORT int bt_backward(c10::TensorImpl* root, c10::TensorImpl* gradient, int32_t retain, int32_t create) {
    return bench::guarded([&] {
        torch::autograd::backward({bench::borrow(root)}, gradient ? std::vector<at::Tensor>{bench::borrow(gradient)} : std::vector<at::Tensor>{}, retain != 0, create != 0);
    });
}

BT_EXPORT int bt_gradients(c10::TensorImpl* const* outputs, int32_t output_count, c10::TensorImpl* const* inputs, int32_t input_count, c10::TensorImpl* const* seeds,
                           int32_t seed_count, int32_t retain, int32_t create, int32_t allow_unused, c10::TensorImpl** results) {
    return bench::guarded([&] {
        auto found = torch::autograd::grad(tensors(outputs, output_count), tensors(inputs, input_count), tensors(seeds, seed_count), retain != 0, create != 0, allow_unused != 0);
        for (size_t i = 0; i < found.size(); i++) results[i] = bench::release(found[i]);
    });
}

BT_EXPORT int bt_grad(c10::TensorImpl* impl, c10::TensorImpl** gradient) {
    return bench::guarded([&] { *gradient = bench::release(bench::borrow(impl).grad()); });
}

BT_EXPORT int bt_set_grad(c10::TensorImpl* impl, c10::TensorImpl* gradient) {
    return bench::guarded([&] { bench::borrow(impl).mutable_grad() = gradient ? bench::borrow(gradient) : at::Tensor(); });
}

BT_EXPORT int32_t bt_requires_grad(c10::TensorImpl* impl) { return bench::borrow(impl).requires_grad(); }

BT_EXPORT int bt_set_requires_grad(c10::TensorImpl* impl, int32_t value) {
    return bench::guarded([&] { bench::borrow(impl).set_requires_grad(value != 0); });
}

BT_EXPORT int32_t bt_is_leaf(c10::TensorImpl* impl) { return bench::borrow(impl).is_leaf(); }

BT_EXPORT int32_t bt_grad_mode(int32_t enabled) {
    const bool before = c10::GradMode::is_enabled();
    c10::GradMode::set_enabled(enabled != 0);
    return before;
}

BT_EXPORT int32_t bt_grad_enabled() { return c10::GradMode::is_enabled(); }

// The guard belongs to the thread that made it.
BT_EXPORT void* bt_inference_begin(int32_t enabled) { return new c10::InferenceMode(enabled != 0); }

BT_EXPORT void bt_inference_end(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

BT_EXPORT int32_t bt_inference_enabled() { return c10::InferenceMode::is_enabled(); }
