// All kernels for one instruction set: compiled once for each, with BT_SET as its name.
#include "attention.h"
#include "attention_with_cache.h"
#include "linear.h"
#include "rows.h"

namespace bench::BT_SET {

#define BT_TEXT_OF(name) #name
#define BT_TEXT(name) BT_TEXT_OF(name)

extern const Kernels table;
const Kernels table{BT_TEXT(BT_SET), normalise, normalise_back, gelu, gelu_back, attention_scratch, attention, attention_back,
    attention_with_cache_scratch, attention_with_cache, linear_outputs, linear_scratch, linear_panel, linear, linear_of_row, cross_entropy,
    cross_entropy_back};

}  // namespace bench::BT_SET
