package dev.demur.model.format.quant;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Numbers in byte arrays, lowest byte first.
public final class LittleEndian {

  private static final VarHandle SHORTS = view(short[].class);
  private static final VarHandle INTS = view(int[].class);
  private static final VarHandle LONGS = view(long[].class);

  private LittleEndian() {}

  private static VarHandle view(Class<?> arrayType) {
    return MethodHandles.byteArrayViewVarHandle(arrayType, ByteOrder.LITTLE_ENDIAN);
  }

  public static int u16(byte[] in, int at) {
    return (short) SHORTS.get(in, at) & 0xFFFF;
  }

  public static int i32(byte[] in, int at) {
    return (int) INTS.get(in, at);
  }

  public static long i64(byte[] in, int at) {
    return (long) LONGS.get(in, at);
  }

  static float f16(byte[] in, int at) {
    return Float.float16ToFloat((short) SHORTS.get(in, at));
  }

  static float bf16(byte[] in, int at) {
    return Float.intBitsToFloat((short) SHORTS.get(in, at) << 16);
  }

  static float f32(byte[] in, int at) {
    return Float.intBitsToFloat((int) INTS.get(in, at));
  }

  static double f64(byte[] in, int at) {
    return Double.longBitsToDouble((long) LONGS.get(in, at));
  }
}
