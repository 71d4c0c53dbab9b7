// Which kernels this processor can run, and which of them are used.
#include <atomic>
#include <string>

#include "bench_kernels.h"
#include "kernels.h"

namespace bench {

namespace plain { extern const Kernels table; }
#if defined(__x86_64__)
namespace avx2 { extern const Kernels table; }
namespace avx512 { extern const Kernels table; }
#endif
#if defined(BT_AVX512BF16) // the compiler knows it
namespace avx512bf16 { extern const Kernels table; }
#endif

namespace {

bool has(const Kernels& set) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                        __builtin_cpu_supports("avx512vl");
#if defined(BT_AVX512BF16)
    if (&set == &avx512bf16::table) return avx512 && __builtin_cpu_supports("avx512bf16");
#endif
    if (&set == &avx512::table) return avx512;
    if (&set == &avx2::table) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#endif
    return true;
}

// The best first.
const Kernels* const all[] = {
#if defined(BT_AVX512BF16)
    &avx512bf16::table,
#endif
#if defined(__x86_64__)
    &avx512::table,
    &avx2::table,
#endif
    &plain::table,
};

const Kernels* best() {
    for (const Kernels* set : all)
        if (has(*set)) return set;
    return &plain::table;
}

std::atomic<const Kernels*>& chosen() {
    static std::atomic<const Kernels*> set{best()};
    return set;
}

}  // namespace

const Kernels& kernels() { return *chosen().load(std::memory_order_relaxed); }

}  // namespace bench

const char* bench_instruction_set() { return bench::kernels().name; }

const char* bench_choose_instruction_set(const char* name) {
    for (const bench::Kernels* set : bench::all)
        if (set->name == std::string(name) && bench::has(*set)) {
            bench::chosen() = set;
            return nullptr;
        }
    return "this processor runs no kernels of that name";
}
