// Attention of all heads of all sequences, with its gradient.
#include <cmath>

#include "sums.h"

namespace bench {

namespace {

// Which tiles of keys some query of a tile attends to, and which all attend to entirely: [masks, tiles, tiles].
std::vector<uint8_t> live_tiles(const float* mask, int64_t masks, int64_t length) {
    const int64_t tiles = (length + tile - 1) / tile;
    std::vector<uint8_t> live(static_cast<size_t>(masks * tiles * tiles));
    parallel_for(0, masks * tiles, 1, [&](int64_t from, int64_t to) {
        for (int64_t at = from; at < to; at++) {
            const int64_t query = at % tiles * tile, last = std::min(length, query + tile);
            for (int64_t key = 0; key < length; key += tile) {
                const int64_t count = std::min(tile, length - key);
                int32_t open = 0;
                for (int64_t i = query; i < last; i++) {
                    const float* row = mask + (at / tiles * length + i) * length + key;
                    for (int64_t j = 0; j < count; j++) open += row[j] == 0;
                }
                live[static_cast<size_t>(at * tiles + key / tile)] = open == 0 ? 0 : open == (last - query) * count ? 2 : 1;
            }
        }
    });
    return live;
}

// The heads of a call.
class Heads {
   public:
       explicit Heads(const AttentionCall& call)
           : shape{call.length, call.heads, call.width, 1.0f / std::sqrt(static_cast<float>(call.width))}, call(call),
             live(call.mask ? live_tiles(call.mask, call.masks, call.length) : std::vector<uint8_t>()) {}

       // The body gets a head, its place in [batch, length, heads, width], its place in [batch, heads, length], and scratch.
       template <typename Body> void for_each(bool backward, const Body& body) const {
           const auto size = static_cast<size_t>(kernels().attention_scratch(shape, backward));
           const std::unique_ptr<float[]> unused(
               new float[size]); // where there is no room for one thread's, say so here, where it can be said
           parallel_for(0, call.batch * call.heads, 1, [&](int64_t from, int64_t to) {
               const std::unique_ptr<float[]> scratch(new float[size]);
               for (int64_t i = from; i < to; i++) {
                   const int64_t row = i / call.heads, number = i % call.heads;
                   body(head(row, number), (row * shape.length * shape.heads + number) * shape.width,
                       (row * shape.heads + number) * shape.length, scratch.get());
               }
           });
    }

    // Where the head begins in [batch, length, 3, heads, width].
    int64_t triple(int64_t place) const {
        const int64_t row = shape.length * shape.heads * shape.width;
        return place / row * 3 * row + place % row;
    }

    const AttentionShape shape;

   private:
    AttentionHead head(int64_t row, int64_t number) const {
        const int64_t table = shape.length * shape.width / 2, tiles = (shape.length + tile - 1) / tile;
        const int64_t angles = call.angles > 1 ? row * table : 0, masked = call.masks > 1 ? row : 0;
        return {
            static_cast<const char*>(call.qkv) + (row * shape.length * 3 * shape.heads + number) * shape.width * bytes(element(call.type)),
            call.cosines + angles, call.sines + angles, call.mask ? call.mask + masked * shape.length * shape.length : nullptr,
            call.mask ? live.data() + masked * tiles * tiles : nullptr};
    }

    const AttentionCall& call;
    const std::vector<uint8_t> live;
};

}  // namespace

}  // namespace bench

using namespace bench;

const char* bench_attention(const AttentionCall* call) {
    return guarded([&]() -> const char* {
        const Heads heads(*call);
        const Element type = element(call->type);
        heads.for_each(false, [&](const AttentionHead& head, int64_t place, int64_t query, float* scratch) {
            kernels().attention(type, heads.shape, head, static_cast<char*>(call->out) + place * bytes(type), call->norms + query, scratch);
        });
        return nullptr;
    });
}

const char* bench_attention_back(const AttentionCall* call) {
    return guarded([&]() -> const char* {
        const Heads heads(*call);
        const Element type = element(call->type);
        heads.for_each(true, [&](const AttentionHead& head, int64_t place, int64_t query, float* scratch) {
            kernels().attention_back(type, heads.shape, head, static_cast<const char*>(call->out) + place * bytes(type),
                call->norms + query, static_cast<const char*>(call->gout) + place * bytes(type),
                static_cast<char*>(call->gqkv) + heads.triple(place) * bytes(type), scratch);
        });
        return nullptr;
    });
}
