package dev.demur.model.format.quant;

import dev.demur.model.tensor.DType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The element types of GGUF tensors that can be read, with their numbers in the file.
///
/// Source: `ggml_type` in ggml.h; block sizes from `gguf.constants` 0.19 (Python).
public enum GgmlType {
  F32(0, DType.F32),
  F16(1, DType.F16),
  Q4_0(2, 32, 18, BlockQuants::q40),
  Q4_1(3, 32, 20, BlockQuants::q41),
  Q5_0(6, 32, 22, BlockQuants::q50),
  Q5_1(7, 32, 24, BlockQuants::q51),
  Q8_0(8, 32, 34, BlockQuants::q80),
  Q2_K(10, 256, 84, SuperBlockQuants::q2k),
  Q3_K(11, 256, 110, SuperBlockQuants::q3k),
  Q4_K(12, 256, 144, SuperBlockQuants::q4k),
  Q5_K(13, 256, 176, SuperBlockQuants::q5k),
  Q6_K(14, 256, 210, SuperBlockQuants::q6k),
  Q8_K(15, 256, 292, SuperBlockQuants::q8k),
  IQ2_XXS(16, 256, 66, GridQuants::iq2xxs),
  IQ2_XS(17, 256, 74, GridQuants::iq2xs),
  IQ3_XXS(18, 256, 98, GridQuants::iq3xxs),
  IQ1_S(19, 256, 50, GridQuants::iq1s),
  IQ4_NL(20, 32, 18, GridQuants::iq4nl),
  IQ3_S(21, 256, 110, GridQuants::iq3s),
  IQ2_S(22, 256, 82, GridQuants::iq2s),
  IQ4_XS(23, 256, 136, GridQuants::iq4xs),
  I8(24, DType.I8),
  I16(25, DType.I16),
  I32(26, DType.I32),
  I64(27, DType.I64),
  F64(28, DType.F64),
  IQ1_M(29, 256, 56, GridQuants::iq1m),
  BF16(30, DType.BF16),
  TQ1_0(34, 256, 54, SuperBlockQuants::tq10),
  TQ2_0(35, 256, 66, SuperBlockQuants::tq20),
  MXFP4(39, 32, 17, BlockQuants::mxfp4),
  NVFP4(40, 64, 36, BlockQuants::nvfp4),
  Q1_0(41, 128, 18, BlockQuants::q10);

  private final int number;
  private final @Nullable DType plain;

  @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and a pure function
  private final ElementDecoder decoder;

  GgmlType(int number, DType plain) {
    this.number = number;
    this.plain = plain;
    this.decoder = ElementDecoder.of(plain);
  }

  GgmlType(int number, int blockElements, int blockBytes, ElementDecoder.Block block) {
    this.number = number;
    this.plain = null;
    this.decoder = ElementDecoder.ofBlocks(blockElements, blockBytes, block);
  }

  /// Elements in a block; a row holds a whole number of blocks.
  public int blockElements() {
    return decoder.blockElements();
  }

  /// Bytes in a block.
  public int blockBytes() {
    return decoder.blockBytes();
  }

  /// The memory type with the same bytes, if there is one.
  public Optional<DType> plain() {
    return Optional.ofNullable(plain);
  }

  public ElementDecoder decoder() {
    return decoder;
  }

  /// Its number in a GGUF file.
  public int number() {
    return number;
  }

  /// The type with this number in a GGUF file.
  public static Optional<GgmlType> ofNumber(int number) {
    return Arrays.stream(values()).filter(type -> type.number == number).findFirst();
  }

  /// All names, for error messages.
  public static String known() {
    return Arrays.stream(values()).map(Enum::name).collect(Collectors.joining(", "));
  }
}
