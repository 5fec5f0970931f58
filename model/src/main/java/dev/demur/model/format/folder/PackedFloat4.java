package dev.demur.model.format.folder;

import dev.demur.model.format.StoredTensor;
import dev.demur.model.format.TensorInfo;
import dev.demur.model.format.quant.BlockQuants;
import dev.demur.model.format.quant.ElementDecoder;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Experts' matrices in four-bit floats (MXFP4), as gpt-oss' checkpoint has them: `NAME_blocks`
/// `[expert, out, group, 16]` with two numbers a byte, the even one in the low half, and
/// `NAME_scales` `[expert, out, group]`, powers of two. They are `NAME` `[expert, in, out]`.
///
/// Source: `_convert_moe_packed_tensors` in transformers' `integrations/mxfp4.py`.
final class PackedFloat4 {

  static final String BLOCKS = "_blocks";
  static final String SCALES = "_scales";

  private static final int PACKED = 16;
  private static final int BLOCK = 1 + PACKED;

  private static final ElementDecoder DECODER =
      ElementDecoder.ofBlocks(2 * PACKED, BLOCK, BlockQuants::mxfp4InTurn);

  private PackedFloat4() {}

  /// What the two tensors are together; empty when they are something else.
  static Optional<TensorInfo> info(TensorInfo blocks, TensorInfo scales) {
    List<Long> shape = blocks.shape();
    boolean fit =
        blocks.type().equals("U8")
            && scales.type().equals("U8")
            && shape.size() == 4
            && shape.get(3) == PACKED
            && scales.shape().equals(shape.subList(0, 3));
    if (!fit) {
      return Optional.empty();
    }
    String name = blocks.name().substring(0, blocks.name().length() - BLOCKS.length());
    var unpacked = List.of(shape.get(0), shape.get(2) * 2 * PACKED, shape.get(1));
    return Optional.of(new TensorInfo(name, "MXFP4", unpacked, blocks.bytes() + scales.bytes()));
  }

  /// Reads the two tensors as one.
  static Tensor load(
      Path file, TensorInfo info, MemorySegment blocks, MemorySegment scales, DType to) {
    List<Long> shape = info.shape();
    var stored =
        new TensorInfo(
            info.name(),
            info.type(),
            List.of(shape.get(0), shape.get(2), shape.get(1)),
            info.bytes());
    try (var arena = Arena.ofShared();
        var scope = Scope.open()) {
      var together = arena.allocate(info.bytes());
      for (long group = 0; group < scales.byteSize(); group++) {
        MemorySegment.copy(scales, group, together, group * BLOCK, 1);
        MemorySegment.copy(blocks, group * PACKED, together, group * BLOCK + 1, PACKED);
      }
      var tensor = new StoredTensor(file, stored, together, DECODER, Optional.empty()).load(to);
      return scope.keep(tensor.transpose(1, 2).contiguous());
    }
  }
}
