// What the fused operators are made of: work on rows of memory by one thread, once for each instruction set.
#pragma once

#include <cstdint>

namespace bench {

enum class Element : int32_t { Float32, BFloat16 };

// Where sums over tokens of the one or two parts of a table's rows are added to; null for nowhere.
struct Gradient {
    float* rows = nullptr;         // [rows, stride]
    int64_t stride = 0, first = 0, second = 0;
};

// Shift, scale and gate of each row of tokens: parts of one table's rows. A null table stands for none.
struct Modulation {
    const float* table;            // [rows, stride]
    const int64_t* index;          // of each token's row; null where `length` tokens after one another share one
    int64_t length, stride, first, second;  // where in a row the one or two parts begin
    Gradient gradient = {};        // backward

    __attribute__((always_inline)) int64_t row(int64_t token) const { return index ? index[token] : token / length; }
    __attribute__((always_inline)) const float* part(int64_t token, int64_t begin) const {
        return table ? table + row(token) * stride + begin : nullptr;
    }
    __attribute__((always_inline)) float* sums(int64_t token, int64_t begin) const {
        return gradient.rows ? gradient.rows + row(token) * gradient.stride + begin : nullptr;
    }
};

// What is added to the residual stream before it is normalised: gate · (output + bias). Each null where there is none.
struct Branch {
    const void* output;
    const float* bias;
    Modulation gates;  // whose first part is the gate
};

// Scores are looked at in tiles of keys; a tile that the mask closes for all queries is left out.
constexpr int64_t tile = 64;

struct AttentionShape {
    int64_t length, heads, width;  // of the text, of a head
    float scale;
};

// One head of one sequence: from [3][heads][width] of each token.
struct AttentionHead {
    const void* qkv;
    const float* cosines;  // [length, width / 2]
    const float* sines;
    const float* mask;     // [length, length] 0 or -inf; null for full attention
    const uint8_t* live;   // [tiles of queries, tiles of keys]: 0 where the mask closes the whole tile, 2 where it closes nothing and need
                           // not be read, else 1; null for all
};

// Keys and values of one head, rotated, of positions in front of those being computed.
struct LayerCache {
    float *keys, *values;  // [positions, width], of which `count` are cached
    int64_t count;
    bool extends;          // whether those being computed are appended
};

struct Kernels {
    const char* name;
    void (*normalise)(Element type, const Branch& branch, const float* x, const float* weight, const Modulation& m, float* stream, void* y,
        int64_t from, int64_t to, int64_t width);
    void (*normalise_back)(Element type, const Branch& branch, const float* stream, const float* weight, const Modulation& m,
        const float* gstream, const void* gy, float* gx, void* gbranch, float* gweight, float* gbias, int64_t from, int64_t to,
        int64_t width);
    void (*gelu)(Element type, const void* x, const float* bias, void* y, int64_t from, int64_t to, int64_t width);
    void (*gelu_back)(
        Element type, const void* x, const float* bias, const void* gy, void* gx, float* gbias, int64_t from, int64_t to, int64_t width);
    int64_t (*attention_scratch)(const AttentionShape& shape, bool backward);
    void (*attention)(Element type, const AttentionShape& shape, const AttentionHead& head, void* out, float* norms, float* scratch);
    void (*attention_back)(Element type, const AttentionShape& shape, const AttentionHead& head, const void* out, const float* norms,
        const void* gout, void* gqkv, float* scratch);
    int64_t (*attention_with_cache_scratch)(const AttentionShape& shape, int64_t kept);
    void (*attention_with_cache)(
        Element type, const AttentionShape& shape, const AttentionHead& head, const LayerCache& kept, void* out, float* scratch);
    int64_t (*linear_outputs)();
    int64_t (*linear_scratch)(int64_t inner);
    void (*linear_panel)(const float* weight, int64_t inner, int64_t from, int64_t to, float* panel);
    void (*linear)(const float* x, const float* panel, const float* bias, float* y, int64_t rows, int64_t inner, int64_t outer,
        int64_t from, int64_t to, float* scratch);
    void (*linear_of_row)(const float* x, const float* weight, const float* bias, float* y, int64_t inner, int64_t from, int64_t to);
    void (*cross_entropy)(Element type, const void* logits, const float* bias, const int64_t* targets, int64_t closed, float* nats,
        float* norms, int64_t from, int64_t to, int64_t width);
    void (*cross_entropy_back)(Element type, const void* logits, const float* bias, const int64_t* targets, int64_t closed,
        const float* norms, const float* gnats, void* glogits, float* gbias, int64_t from, int64_t to, int64_t width);
};

// Those of the best instruction set that this processor has, unless another one was chosen.
const Kernels& kernels();

}  // namespace bench
