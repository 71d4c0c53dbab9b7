// The C interface of libbench_kernels.so: pointers, sizes and strides, nothing of libtorch. Shapes are checked by the caller
// (Bench.Kernels). Every function returns null, or what is wrong as text; no exception crosses this boundary. Work is cut into the same
// pieces whatever the threads, so that no result depends on their number.
#pragma once

#include <cstdint>

#define BENCH_EXPORT extern "C" __attribute__((visibility("default")))

namespace bench {

// libtorch's torch_parallel_for (torch/csrc/stable/c/shim.h): runs the body on parts of [begin, end) in libtorch's own threads.
using ParallelFor = int32_t (*)(
    int64_t begin, int64_t end, int64_t grain, void (*body)(int64_t from, int64_t to, void* context), void* context);

// s = x + gate * (branch + bias), and y = (s - mean) / deviation * weight * (1 + scale) + shift, by row of `width`. Null pointers stand for
// what is absent.
struct NormaliseCall {
    int32_t type;               // of branch and y, and of their gradients: an Element
    int32_t reserved;
    int64_t tokens, width;
    const float* x;             // [tokens, width]; backward, s
    const void* branch;         // [tokens, width]
    const float* bias;          // [width]
    const float* weight;        // [width]
    const float* gates;         // [rows, gates_stride]
    const float* table;         // [rows, table_stride]
    const int64_t* index;       // [tokens] each token's row in both tables; null where each of `rows` runs of tokens shares one
    int64_t rows, gates_stride, gate, table_stride, shift, scale; // offsets within a row, in numbers
    float* stream;              // [tokens, width] s; unused without a branch
    void* y;                    // [tokens, width]
    // Backward.
    const float* gstream;       // [tokens, width] or null
    const void* gy;             // [tokens, width]
    float* gx;                  // [tokens, width]
    void* gbranch;              // [tokens, width]; null where there was no branch
    float *gweight, *gbias;     // [width]
    float *ggates, *gtable;     // as gates and table, added to
};

// GELU's tanh form of x + bias.
struct GeluCall {
    int32_t type;
    int32_t reserved;
    int64_t tokens, width;
    const void* x;
    const float* bias;
    void* y;
    const void* gy;
    void* gx;
    float* gbias;
};

// Rotary attention within [batch, length, 3, heads, width], under a mask of 0 and -inf.
struct AttentionCall {
    int32_t type;
    int32_t reserved;
    int64_t batch, length, heads, width;
    const void* qkv;
    const float *cosines, *sines; // [angles, length, width / 2]
    int64_t angles;               // 1 or batch
    const float* mask;            // [masks, length, length] or null
    int64_t masks;                // 1 or batch
    void* out;                    // [batch, length, heads, width]
    float* norms;                 // [batch, heads, length] logarithm of each query's sum of exponentials
    const void* gout;
    void* gqkv;
};

// The same of a few tokens behind a KV cache; no gradient.
struct AttentionWithCacheCall {
    int32_t type;
    int32_t reserved;
    int64_t batch, length, heads, width;
    const void* qkv;
    const float *cosines, *sines; // [length, width / 2]
    const float* mask;            // [length, kept + length] or null
    float *keys, *values;         // [.., heads, positions, width]
    int64_t positions, kept;
    const int64_t* chosen;        // [batch] each sequence's row of the cache; null for its own, which is then extended
    void* out;
};

// A whole block of a few float32 rows with a KV cache: norm1, qkv, attention, attention_out, norm2, up, gelu, down. What one part hands to
// the next is filled in.
struct BlockWithCacheCall {
    NormaliseCall norm1, norm2;   // norm2 writes the stream after the attention
    AttentionWithCacheCall attention;
    int64_t hidden;               // of the MLP
    const float *qkv, *attention_out, *up, *up_bias, *down; // [3 width, width], [width, width], [hidden, width], [hidden], [width, hidden]
    float* output;                // [tokens, width] of the MLP, without its bias
};

// -ln softmax(logits + bias)[target] over all entries but the closed one (-1 for none).
struct CrossEntropyCall {
    int32_t type;
    int32_t reserved;
    int64_t tokens, width, closed;
    const void* logits;
    const float* bias;
    const int64_t* targets;
    float *nats, *norms;
    const float* gnats;
    void* glogits;
    float* gbias;
};

// AdamW (Loshchilov & Hutter, arXiv 1711.05101) with the moving average of the weights, over all parameters at once.
struct AdamWCall {
    int64_t parameters;
    const int64_t* sizes;
    float* const* weights;
    const float* const* gradients;
    float* const* firsts;
    float* const* seconds;
    float* const* averages;
    const float* decays;          // each parameter's weight decay
    float scale, learning_rate, beta1, beta2, epsilon, correction1, correction2, ema;
};

}  // namespace bench

BENCH_EXPORT void bench_use_threads(bench::ParallelFor parallel_for);
BENCH_EXPORT const char* bench_instruction_set();
BENCH_EXPORT const char* bench_choose_instruction_set(const char* name);
BENCH_EXPORT const char* bench_normalise(const bench::NormaliseCall* call);
BENCH_EXPORT const char* bench_normalise_back(const bench::NormaliseCall* call);
BENCH_EXPORT const char* bench_gelu(const bench::GeluCall* call);
BENCH_EXPORT const char* bench_gelu_back(const bench::GeluCall* call);
BENCH_EXPORT const char* bench_attention(const bench::AttentionCall* call);
BENCH_EXPORT const char* bench_attention_back(const bench::AttentionCall* call);
BENCH_EXPORT const char* bench_attention_with_cache(const bench::AttentionWithCacheCall* call);
BENCH_EXPORT const char* bench_block_with_cache(const bench::BlockWithCacheCall* call);
BENCH_EXPORT const char* bench_linear(
    const float* x, const float* weight, const float* bias, float* y, int64_t rows, int64_t inner, int64_t outer);
BENCH_EXPORT const char* bench_cross_entropy(const bench::CrossEntropyCall* call);
BENCH_EXPORT const char* bench_cross_entropy_back(const bench::CrossEntropyCall* call);
BENCH_EXPORT const char* bench_squared_norm(int64_t parameters, const int64_t* sizes, const float* const* gradients, double* result);
BENCH_EXPORT const char* bench_adamw(const bench::AdamWCall* call);
