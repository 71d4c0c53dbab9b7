// The cross-entropy with its gradient.
#include "sums.h"

using namespace bench;

const char* bench_cross_entropy(const CrossEntropyCall* call) {
    for (int64_t i = 0; i < call->tokens; i++)
        if (call->targets[i] < 0 || call->targets[i] >= call->width) return "a target is outside the vocabulary";
    parallel_for(0, call->tokens, std::max<int64_t>(1, 8192 / call->width), [&](int64_t from, int64_t to) {
        kernels().cross_entropy(
            element(call->type), call->logits, call->bias, call->targets, call->closed, call->nats, call->norms, from, to, call->width);
    });
    return nullptr;
}

const char* bench_cross_entropy_back(const CrossEntropyCall* call) {
    return guarded([&]() -> const char* {
        const Pieces pieces(call->tokens, nullptr, 0, call->width);
        VectorSum gbias(pieces, call->width, call->gbias);
        pieces.for_each([&](int64_t piece, int64_t from, int64_t to) {
            kernels().cross_entropy_back(element(call->type), call->logits, call->bias, call->targets, call->closed, call->norms,
                call->gnats, call->glogits, gbias.of(piece), from, to, call->width);
        });
        gbias.finish();
        return nullptr;
    });
}
