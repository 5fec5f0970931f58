package dev.demur.model.format.torch;

import dev.demur.model.tensor.DType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The names that a PyTorch file of tensors may refer to. No others are allowed.
final class TorchGlobals {

  static final String ORDERED_DICT = "collections.OrderedDict";
  static final String SIZE = "torch.Size";
  static final String REBUILD_TENSOR_V2 = "torch._utils._rebuild_tensor_v2";
  static final String REBUILD_TENSOR_V3 = "torch._utils._rebuild_tensor_v3";
  static final String REBUILD_PARAMETER = "torch._utils._rebuild_parameter";
  static final String UNTYPED_STORAGE = "torch.storage.UntypedStorage";

  private static final Set<String> FUNCTIONS =
      Set.of(
          ORDERED_DICT,
          SIZE,
          REBUILD_TENSOR_V2,
          REBUILD_TENSOR_V3,
          REBUILD_PARAMETER,
          UNTYPED_STORAGE);

  /// Storage classes, and the types that `_rebuild_tensor_v3` is given.
  private static final Map<String, DType> TYPES =
      Map.ofEntries(
          Map.entry("torch.DoubleStorage", DType.F64),
          Map.entry("torch.FloatStorage", DType.F32),
          Map.entry("torch.HalfStorage", DType.F16),
          Map.entry("torch.BFloat16Storage", DType.BF16),
          Map.entry("torch.LongStorage", DType.I64),
          Map.entry("torch.IntStorage", DType.I32),
          Map.entry("torch.ShortStorage", DType.I16),
          Map.entry("torch.CharStorage", DType.I8),
          Map.entry("torch.ByteStorage", DType.U8),
          Map.entry("torch.BoolStorage", DType.BOOL),
          Map.entry("torch.float64", DType.F64),
          Map.entry("torch.float32", DType.F32),
          Map.entry("torch.float16", DType.F16),
          Map.entry("torch.bfloat16", DType.BF16),
          Map.entry("torch.float8_e4m3fn", DType.F8_E4M3),
          Map.entry("torch.int64", DType.I64),
          Map.entry("torch.int32", DType.I32),
          Map.entry("torch.int16", DType.I16),
          Map.entry("torch.int8", DType.I8),
          Map.entry("torch.uint8", DType.U8),
          Map.entry("torch.bool", DType.BOOL));

  private TorchGlobals() {}

  static boolean isKnown(String name) {
    return FUNCTIONS.contains(name) || TYPES.containsKey(name);
  }

  /// The element type a storage class or a `torch.dtype` stands for.
  static Optional<DType> type(String name) {
    return Optional.ofNullable(TYPES.get(name));
  }
}
