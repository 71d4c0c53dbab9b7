// The C interface between Bench.Torch and libtorch. Every function that can fail returns 0 for success and leaves its
// message in bt_error(); no exception crosses this boundary.
#pragma once

#include <ATen/core/Tensor.h>
#include <cstdint>
#include <string>

#define BT_EXPORT extern "C" __attribute__((visibility("default")))

// One boxed value. `count` is the length of a list; `data` points at its elements.
enum BtTag : int32_t {
    BT_DEFAULT = 0,  // take the schema's default
    BT_NONE = 1,
    BT_TENSOR = 2,
    BT_INT = 3,
    BT_DOUBLE = 4,
    BT_BOOL = 5,
    BT_INTS = 6,
    BT_TENSORS = 7,
    BT_STRING = 8,
    BT_DEVICE = 9,  // count = index, integer = type
    BT_DOUBLES = 10,
};

struct BtValue {
    int32_t tag;
    int32_t count;
    union {
        int64_t integer;
        double real;
        const void* data;
        c10::TensorImpl* tensor;
    };
};

namespace bench {

// The message of the last failure on this thread.
std::string& last_error();

// A tensor handle is one owned reference to a TensorImpl: no box around it, freeing is one atomic decrement.
inline at::Tensor borrow(c10::TensorImpl* impl) {
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(impl));
}

inline c10::TensorImpl* release(at::Tensor tensor) { return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr; }

// Runs `body`, turning any exception into a message.
template <typename Body>
int guarded(Body&& body) {
    try {
        body();
        return 0;
    } catch (const c10::Error& error) {
        last_error() = error.what_without_backtrace();
    } catch (const std::exception& error) {
        last_error() = error.what();
    } catch (...) {
        last_error() = "unknown C++ exception";
    }
    return 1;
}

}  // namespace bench
