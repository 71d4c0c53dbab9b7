// What a tensor handle knows about itself, and the way in from managed memory.
#include <ATen/ATen.h>

#include <cstring>

#include "bench_torch.h"

BT_EXPORT void bt_free(c10::TensorImpl* impl) { c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(impl); }

BT_EXPORT int bt_from_bytes(const void* data, int64_t bytes, int32_t dtype, const int64_t* sizes, int32_t dimensions, c10::TensorImpl** out) {
    return bench::guarded([&] {
        auto tensor = at::empty({sizes, static_cast<size_t>(dimensions)}, at::TensorOptions(static_cast<c10::ScalarType>(dtype)));
        if (static_cast<int64_t>(tensor.nbytes()) != bytes) throw std::invalid_argument("the shape asks for " + std::to_string(tensor.nbytes()) + " bytes, the array holds " + std::to_string(bytes));
        if (bytes > 0) std::memcpy(tensor.data_ptr(), data, static_cast<size_t>(bytes));
        *out = bench::release(std::move(tensor));
    });
}

BT_EXPORT int32_t bt_dim(c10::TensorImpl* impl) { return static_cast<int32_t>(impl->dim()); }

BT_EXPORT void bt_shape(c10::TensorImpl* impl, int64_t* sizes) {
    for (const int64_t size : impl->sizes()) *sizes++ = size;
}

BT_EXPORT int64_t bt_numel(c10::TensorImpl* impl) { return impl->numel(); }

BT_EXPORT int32_t bt_dtype(c10::TensorImpl* impl) { return static_cast<int32_t>(c10::typeMetaToScalarType(impl->dtype())); }

BT_EXPORT void bt_device(c10::TensorImpl* impl, int32_t* type, int32_t* index) {
    *type = static_cast<int32_t>(impl->device().type());
    *index = impl->device().index();
}

BT_EXPORT int32_t bt_is_contiguous(c10::TensorImpl* impl) { return impl->is_contiguous(); }

BT_EXPORT int bt_data(c10::TensorImpl* impl, void** data) {
    return bench::guarded([&] { *data = bench::borrow(impl).data_ptr(); });
}

// A tensor takes over another one's contents, type and device included: how a module moves without changing its parameters' identity.
BT_EXPORT int bt_set_data(c10::TensorImpl* impl, c10::TensorImpl* contents) {
    return bench::guarded([&] { bench::borrow(impl).set_data(bench::borrow(contents)); });
}
