// Settings of the whole process, and what this libtorch can do.
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <malloc.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include "bench_torch.h"

// Tensors of a training step are freed and asked for again some hundred times a second. With glibc's defaults each large
// block goes back to the kernel and returns as zeroed pages: up to half a million page faults a step. Keeping them costs
// nothing but the peak that was needed anyway. One arena, because a block above 64 MiB does not fit into a thread's arena
// and would be mapped anew each time. A thread that had an arena before this library was loaded keeps it: train on the main thread.
__attribute__((constructor)) static void keep_memory() {
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, -1); // never: the largest int is 2 GiB, which a larger network frees at the end of a step
    mallopt(M_TOP_PAD, 64 << 20);
}

BT_EXPORT const char* bt_torch_version() { return TORCH_VERSION; }

BT_EXPORT const char* bt_torch_config() {
    static const std::string text = at::show_config() + at::get_mkldnn_version();
    return text.c_str();
}

BT_EXPORT int32_t bt_get_threads() { return at::get_num_threads(); }

BT_EXPORT int bt_set_threads(int32_t threads) {
    return bench::guarded([&] { at::set_num_threads(threads); });
}

BT_EXPORT int bt_cuda_devices(int32_t* count) {
    return bench::guarded([&] { *count = static_cast<int32_t>(torch::cuda::device_count()); });
}

// bf16 products pay only where the processor has the instructions; elsewhere oneDNN converts, slower than float32.
BT_EXPORT int32_t bt_has_fast_bf16() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512bf16") ? 1 : 0;
#else
    return 0;
#endif
}

BT_EXPORT int64_t bt_heap_bytes() {
    const auto info = mallinfo2();
    return static_cast<int64_t>(info.uordblks + info.hblkhd);
}
