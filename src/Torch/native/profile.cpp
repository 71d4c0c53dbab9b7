// Who takes the time: libtorch tells of every operator and every node of the backward pass when it begins and when it ends.
// Work of an operator is also work of the operator that called it; a stack for each thread takes the former from the latter.
#include <ATen/record_function.h>

#include <chrono>
#include <cstring>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "bench_torch.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Frame {
    Clock::time_point start;
    Clock::duration inner;  // of the operators that this one called
    bool backward;
};

struct Sum {
    int64_t calls = 0;
    int64_t self = 0;  // nanoseconds
};

struct Entry {
    std::string name;
    bool backward;
    Sum sum;
};

// One table: operators are some hundred a step, so the lock costs nothing worth counting.
std::mutex table_lock;
std::map<std::pair<std::string, bool>, Sum> table;
std::vector<Entry> entries;
at::CallbackHandle callback = at::INVALID_CALLBACK_HANDLE;

std::vector<Frame>& stack() {
    thread_local std::vector<Frame> frames;
    return frames;
}

// The engine wraps every node in a function of this name; what is called within one belongs to the backward pass.
constexpr char wrapper[] = "autograd::engine::evaluate_function: ";

std::unique_ptr<at::ObserverContext> begin(const at::RecordFunction& function) {
    auto& frames = stack();
    const bool backward = (!frames.empty() && frames.back().backward) || std::strncmp(function.name(), wrapper, sizeof wrapper - 1) == 0;
    frames.push_back({Clock::now(), Clock::duration::zero(), backward});
    return nullptr;
}

void end(const at::RecordFunction& function, at::ObserverContext*) {
    const auto now = Clock::now();
    auto& frames = stack();
    if (frames.empty()) return;  // it began before anybody looked
    const Frame frame = frames.back();
    frames.pop_back();
    const auto elapsed = now - frame.start;
    if (!frames.empty()) frames.back().inner += elapsed;
    const char* name = function.name();
    if (std::strncmp(name, wrapper, sizeof wrapper - 1) == 0) name = "autograd::engine";
    const std::lock_guard<std::mutex> guard(table_lock);
    auto& sum = table[{name, frame.backward}];
    sum.calls++;
    sum.self += std::chrono::duration_cast<std::chrono::nanoseconds>(elapsed - frame.inner).count();
}

}  // namespace

// Nobody else may be at work while a profile begins or ends: libtorch asks for that.
BT_EXPORT int bt_profile_start() {
    return bench::guarded([] {
        if (callback != at::INVALID_CALLBACK_HANDLE) throw std::logic_error("a profile is being taken already");
        table.clear();
        stack().clear();
        callback = at::addGlobalCallback(at::RecordFunctionCallback(begin, end).scopes(
            {at::RecordScope::FUNCTION, at::RecordScope::BACKWARD_FUNCTION, at::RecordScope::USER_SCOPE}));
    });
}

// How many entries there are to read.
BT_EXPORT int bt_profile_stop(int32_t* count) {
    return bench::guarded([&] {
        if (callback == at::INVALID_CALLBACK_HANDLE) throw std::logic_error("no profile is being taken");
        at::removeCallback(std::exchange(callback, at::INVALID_CALLBACK_HANDLE));
        entries.clear();
        for (const auto& [key, sum] : table) entries.push_back({key.first, key.second, sum});
        *count = static_cast<int32_t>(entries.size());
    });
}

// The name is valid until the next profile ends.
BT_EXPORT int bt_profile_entry(int32_t index, const char** name, int32_t* backward, int64_t* calls, int64_t* self_nanoseconds) {
    return bench::guarded([&] {
        const auto& entry = entries.at(static_cast<size_t>(index));
        *name = entry.name.c_str();
        *backward = entry.backward;
        *calls = entry.sum.calls;
        *self_nanoseconds = entry.sum.self;
    });
}
