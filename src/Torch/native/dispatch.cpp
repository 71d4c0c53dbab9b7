// Calls any ATen operator by name through the dispatcher's boxed interface. Autograd, dtype promotion and device
// selection all happen behind the dispatcher, so a new operator needs no C++ at all.
#include <ATen/core/dispatch/Dispatcher.h>

#include "bench_torch.h"

namespace bench {

std::string& last_error() {
    thread_local std::string message;
    return message;
}

namespace {

using c10::IValue;
using c10::TypeKind;

[[noreturn]] void mismatch(const c10::Argument& argument, const BtValue& value) {
    throw std::invalid_argument("argument '" + argument.name() + "' is of type " + argument.type()->str() + ", which does not take a value of kind " + std::to_string(value.tag));
}

IValue number(const BtValue& value, const c10::Argument& argument) {
    switch (value.tag) {
        case BT_INT: return value.integer;
        case BT_BOOL: return value.integer != 0;
        case BT_DOUBLE: return value.real;
        default: mismatch(argument, value);
    }
}

double real(const BtValue& value, const c10::Argument& argument) {
    if (value.tag == BT_INT) return static_cast<double>(value.integer);
    if (value.tag == BT_DOUBLE) return value.real;
    mismatch(argument, value);
}

IValue list(const BtValue& value, const c10::TypePtr& element, const c10::Argument& argument) {
    const auto n = static_cast<size_t>(value.count);
    switch (element->kind()) {
        case TypeKind::TensorType: {
            if (value.tag != BT_TENSORS) mismatch(argument, value);
            auto handles = static_cast<c10::TensorImpl* const*>(value.data);
            c10::List<at::Tensor> tensors;
            tensors.reserve(n);
            for (size_t i = 0; i < n; i++) {
                if (!handles[i]) throw std::invalid_argument("argument '" + argument.name() + "' has no tensor at " + std::to_string(i));
                tensors.push_back(borrow(handles[i]));
            }
            return tensors;
        }
        case TypeKind::OptionalType: {
            if (value.tag != BT_TENSORS) mismatch(argument, value);
            auto handles = static_cast<c10::TensorImpl* const*>(value.data);
            c10::impl::GenericList tensors(c10::OptionalType::create(c10::TensorType::get()));
            for (size_t i = 0; i < n; i++) tensors.push_back(handles[i] ? IValue(borrow(handles[i])) : IValue());
            return tensors;
        }
        case TypeKind::IntType:
        case TypeKind::SymIntType:
            // libtorch lets one integer stand for int[1].
            if (value.tag == BT_INT) return c10::List<int64_t>({value.integer});
            if (value.tag != BT_INTS) mismatch(argument, value);
            return c10::List<int64_t>(c10::ArrayRef<int64_t>(static_cast<const int64_t*>(value.data), n));
        case TypeKind::BoolType: {
            if (value.tag != BT_INTS) mismatch(argument, value);
            auto integers = static_cast<const int64_t*>(value.data);
            c10::List<bool> flags;
            for (size_t i = 0; i < n; i++) flags.push_back(integers[i] != 0);
            return flags;
        }
        case TypeKind::FloatType:
            if (value.tag != BT_DOUBLES) mismatch(argument, value);
            return c10::List<double>(c10::ArrayRef<double>(static_cast<const double*>(value.data), n));
        default: mismatch(argument, value);
    }
}

IValue boxed(const BtValue& value, const c10::TypePtr& type, const c10::Argument& argument) {
    switch (type->kind()) {
        case TypeKind::OptionalType:
            return value.tag == BT_NONE ? IValue() : boxed(value, type->expectRef<c10::OptionalType>().getElementType(), argument);
        case TypeKind::TensorType:
            if (value.tag != BT_TENSOR) mismatch(argument, value);
            return borrow(value.tensor);
        case TypeKind::IntType:
        case TypeKind::SymIntType:
            if (value.tag != BT_INT && value.tag != BT_BOOL) mismatch(argument, value);
            return value.integer;
        case TypeKind::FloatType: return real(value, argument);
        case TypeKind::BoolType:
            if (value.tag != BT_BOOL && value.tag != BT_INT) mismatch(argument, value);
            return value.integer != 0;
        case TypeKind::NumberType: return number(value, argument);
        case TypeKind::StringType:
            if (value.tag != BT_STRING) mismatch(argument, value);
            return std::string(static_cast<const char*>(value.data), static_cast<size_t>(value.count));
        case TypeKind::DeviceObjType:
            if (value.tag != BT_DEVICE) mismatch(argument, value);
            return c10::Device(static_cast<c10::DeviceType>(value.integer), static_cast<c10::DeviceIndex>(value.count));
        case TypeKind::ListType: return list(value, type->expectRef<c10::ListType>().getElementType(), argument);
        default: mismatch(argument, value);
    }
}

IValue argument_value(const BtValue& value, const c10::Argument& argument) {
    if (value.tag != BT_DEFAULT) return boxed(value, argument.type(), argument);
    if (argument.default_value()) return *argument.default_value();
    if (argument.type()->kind() == TypeKind::OptionalType) return IValue();
    throw std::invalid_argument("argument '" + argument.name() + "' is missing and has no default");
}

// How many values a result is handed over as.
int32_t values_in(const IValue& value) {
    if (value.isTensorList()) return static_cast<int32_t>(value.toTensorList().size());
    if (value.isTensor() || value.isBool() || value.isInt() || value.isDouble() || value.isNone()) return 1;
    throw std::invalid_argument("a result of type " + value.tagKind() + " cannot be handed over");
}

// Cannot fail once values_in has passed, so that no reference is lost half way.
BtValue* unbox(const IValue& value, BtValue* out) {
    const auto put = [&](BtTag tag) -> BtValue& {
        *out = BtValue{tag, 0, {0}};
        return *out++;
    };
    if (value.isTensor()) {
        put(BT_TENSOR).tensor = release(value.toTensor());
    } else if (value.isTensorList()) {
        for (const at::Tensor& tensor : value.toTensorVector()) put(BT_TENSOR).tensor = release(tensor);
    } else if (value.isBool()) {
        put(BT_BOOL).integer = value.toBool();
    } else if (value.isInt()) {
        put(BT_INT).integer = value.toInt();
    } else if (value.isDouble()) {
        put(BT_DOUBLE).real = value.toDouble();
    } else {
        put(BT_NONE);
    }
    return out;
}

// Results that did not fit wait here for bt_take.
torch::jit::Stack& waiting() {
    thread_local torch::jit::Stack results;
    return results;
}

}  // namespace
}  // namespace bench

BT_EXPORT const char* bt_error() { return bench::last_error().c_str(); }

// Operators live as long as the dispatcher, that is, as long as the process.
BT_EXPORT int bt_operator(const char* name, const char* overload, const void** handle) {
    return bench::guarded([&] {
        auto found = c10::Dispatcher::singleton().findSchema({name, overload});
        if (!found) throw std::invalid_argument("this libtorch has no operator of that name");
        *handle = new c10::OperatorHandle(*found);
    });
}

// Values that are not given take the schema's defaults. Writes how many values there are; more than `capacity` wait for bt_take.
BT_EXPORT int bt_call(const void* handle, const BtValue* values, int32_t count, BtValue* results, int32_t capacity, int32_t* produced) {
    return bench::guarded([&] {
        const auto& op = *static_cast<const c10::OperatorHandle*>(handle);
        const auto& arguments = op.schema().arguments();
        if (static_cast<size_t>(count) > arguments.size()) throw std::invalid_argument("takes " + std::to_string(arguments.size()) + " arguments, not " + std::to_string(count));
        torch::jit::Stack stack;
        stack.reserve(arguments.size());
        const BtValue missing{BT_DEFAULT, 0, {0}};
        for (size_t i = 0; i < arguments.size(); i++) stack.push_back(bench::argument_value(i < static_cast<size_t>(count) ? values[i] : missing, arguments[i]));
        op.callBoxed(&stack);
        int32_t total = 0;
        for (const c10::IValue& value : stack) total += bench::values_in(value);
        *produced = total;
        if (total > capacity) {
            bench::waiting() = std::move(stack);
        } else {
            for (const c10::IValue& value : stack) results = bench::unbox(value, results);
        }
    });
}

// Hands over the results that did not fit into those of the last bt_call on this thread; null drops them.
BT_EXPORT void bt_take(BtValue* results) {
    if (results)
        for (const c10::IValue& value : bench::waiting()) results = bench::unbox(value, results);
    bench::waiting().clear();
}
