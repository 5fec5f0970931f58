package dev.demur.model.tensor;

import static java.util.Objects.requireNonNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/// A dense array of numbers in native memory, the host's or a card's.
///
/// What Java writes and reads lies on the host ([Device#CPU]); [#on] carries it to another device
/// and back. Where an operation takes two tensors, one on the host is carried to the other's device
/// by itself: a mask, an index or the vector of an edit need not know where the model runs.
///
/// Operations return new tensors and leave their operands alone, except those whose name ends in
/// `InPlace`. Views ([#reshape], [#narrow], [#transpose], …) share memory with what they view.
/// Every tensor made on a thread belongs to that thread's innermost open [Scope] and is freed with
/// it; see [Scope#keep] for results that must outlive one.
///
/// Shapes in Javadoc are written `[pos, d_model]`; negative dimension numbers count from the last.
public final class Tensor {

  static {
    Libtorch.await();
  }

  private final org.bytedeco.pytorch.Tensor raw;

  Tensor(org.bytedeco.pytorch.Tensor raw) {
    this.raw = requireNonNull(raw, "raw");
  }

  org.bytedeco.pytorch.Tensor raw() {
    return raw;
  }

  // ---- making ----------------------------------------------------------------------------------

  /// A float32 tensor of the given values in row-major order.
  public static Tensor of(float[] values, long... shape) {
    checkCount(values.length, shape);
    var tensor = empty(DType.F32, shape);
    MemorySegment.copy(
        values, 0, tensor.segment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values.length);
    Meter.made(tensor);
    return tensor;
  }

  /// A float64 tensor of the given values in row-major order.
  public static Tensor ofDoubles(double[] values, long... shape) {
    checkCount(values.length, shape);
    var tensor = empty(DType.F64, shape);
    MemorySegment.copy(
        values, 0, tensor.segment(), ValueLayout.JAVA_DOUBLE_UNALIGNED, 0, values.length);
    return tensor;
  }

  /// An int64 tensor `[n]` of ids or indices.
  public static Tensor ofIndices(IntStream indices) {
    return ofLongs(indices.asLongStream());
  }

  /// An int64 tensor `[n]`.
  public static Tensor ofLongs(LongStream values) {
    long[] array = values.toArray();
    var tensor = empty(DType.I64, array.length);
    MemorySegment.copy(
        array, 0, tensor.segment(), ValueLayout.JAVA_LONG_UNALIGNED, 0, array.length);
    Meter.made(tensor);
    return tensor;
  }

  /// Zeros.
  public static Tensor zeros(DType dtype, long... shape) {
    return zeros(Device.CPU, dtype, shape);
  }

  /// Zeros on a device.
  public static Tensor zeros(Device device, DType dtype, long... shape) {
    return new Tensor(torch.zeros(shape, options(device, dtype)));
  }

  /// Memory whose content is undefined until written.
  public static Tensor empty(DType dtype, long... shape) {
    return empty(Device.CPU, dtype, shape);
  }

  /// Memory of a device whose content is undefined until written.
  public static Tensor empty(Device device, DType dtype, long... shape) {
    return new Tensor(torch.empty(shape, options(device, dtype), null));
  }

  /// Independent N(0, 1) draws, the same for the same generator state on every machine.
  public static Tensor gaussian(RandomGenerator random, long... shape) {
    int count = Math.toIntExact(elements(shape));
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return of(values, shape);
  }

  /// A tensor over existing native memory, without a copy. The segment's arena must outlive it and
  /// every view of it; no alignment is asked for.
  ///
  /// @throws IllegalArgumentException if the segment is on the heap or its size is not the shape's
  public static Tensor map(MemorySegment segment, DType dtype, long... shape) {
    if (!segment.isNative()) {
      throw new IllegalArgumentException("only native memory can be mapped, was a heap segment");
    }
    long bytes = Math.multiplyExact(elements(shape), (long) dtype.bytes());
    if (bytes != segment.byteSize()) {
      throw new IllegalArgumentException(
          "a "
              + dtype
              + " tensor of shape "
              + Arrays.toString(shape)
              + " takes "
              + bytes
              + " bytes, the segment has "
              + segment.byteSize());
    }
    var options = options(Device.CPU, dtype);
    return new Tensor(torch.from_blob(new SegmentPointer(segment), shape, options));
  }

  /// Tensors one after the other along `dim`.
  public static Tensor cat(List<Tensor> parts, int dim) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    return made(torch.cat(vector(parts), dim), parts.toArray(Tensor[]::new));
  }

  /// Tensors of one shape stacked along a new first dimension.
  public static Tensor stack(List<Tensor> parts) {
    return made(torch.stack(vector(parts)), parts.toArray(Tensor[]::new));
  }

  // ---- looking ---------------------------------------------------------------------------------

  /// Extents, outermost first.
  public List<Long> shape() {
    return IntStream.range(0, rank()).mapToObj(this::dim).toList();
  }

  /// Number of dimensions.
  public int rank() {
    return Math.toIntExact(raw.dim());
  }

  /// Extent of one dimension.
  public long dim(int dim) {
    return raw.size(dim);
  }

  /// Number of elements.
  public long elements() {
    return raw.numel();
  }

  public DType dtype() {
    return Types.of(raw.scalar_type());
  }

  /// Where its numbers lie.
  public Device device() {
    return Device.of(raw);
  }

  /// This tensor on a device: itself when it already is there.
  public Tensor on(Device device) {
    return on(device, () -> {});
  }

  /// This tensor on a device: itself when it already is there, else carried piece by piece where it
  /// is large.
  ///
  /// @param behind called when a piece has been read, so that memory it lies in can be given back
  public Tensor on(Device device, Runnable behind) {
    if (device.holds(raw)) {
      return this;
    }
    return new Tensor(
        device.kind() == Device.Kind.CUDA && raw.is_cpu()
            ? Upload.to(device, raw, behind)
            : raw.to(device.raw(), raw.scalar_type()));
  }

  /// The one element of a tensor that has one. On a card this waits for all it still computes.
  public double item() {
    return raw.item_double();
  }

  /// Whether the elements lie in row-major order without gaps.
  public boolean isContiguous() {
    return raw.is_contiguous();
  }

  /// All elements in row-major order as float32; a copy.
  public float[] toFloats() {
    float[] values = new float[Math.toIntExact(elements())];
    try (var _ = Scope.open()) {
      MemorySegment.copy(
          to(DType.F32).on(Device.CPU).contiguous().segment(),
          ValueLayout.JAVA_FLOAT_UNALIGNED,
          0,
          values,
          0,
          values.length);
    }
    return values;
  }

  /// All elements in row-major order as float64; a copy.
  public double[] toDoubles() {
    double[] values = new double[Math.toIntExact(elements())];
    try (var _ = Scope.open()) {
      MemorySegment.copy(
          to(DType.F64).on(Device.CPU).contiguous().segment(),
          ValueLayout.JAVA_DOUBLE_UNALIGNED,
          0,
          values,
          0,
          values.length);
    }
    return values;
  }

  /// All elements in row-major order as int64; a copy.
  public long[] toLongs() {
    long[] values = new long[Math.toIntExact(elements())];
    try (var _ = Scope.open()) {
      MemorySegment.copy(
          to(DType.I64).on(Device.CPU).contiguous().segment(),
          ValueLayout.JAVA_LONG_UNALIGNED,
          0,
          values,
          0,
          values.length);
    }
    return values;
  }

  /// The native memory itself, row-major; valid as long as this tensor is.
  ///
  /// @throws IllegalStateException if the tensor is not contiguous (see [#contiguous]), or not on
  ///   the host: a card's address means nothing here
  @SuppressWarnings("restricted") // libtorch owns the memory; the size is what it says it is
  public MemorySegment segment() {
    if (!Device.CPU.holds(raw)) {
      throw new IllegalStateException("a tensor on " + device() + " is no memory of the host's");
    }
    if (!raw.is_contiguous()) {
      throw new IllegalStateException("only a contiguous tensor is one segment");
    }
    if (elements() == 0) {
      return MemorySegment.NULL;
    }
    long bytes = elements() * dtype().bytes();
    return MemorySegment.ofAddress(raw.data_ptr().address()).reinterpret(bytes);
  }

  /// Index of the first element that is NaN or infinite in row-major order, or −1.
  public long firstNonFinite() {
    // A sum in float64 is finite for finite float32, so one pass tells whether to search.
    Meter.read(this);
    double sum = raw.sum(new ScalarTypeOptional(torch.ScalarType.Double)).item_double();
    if (Double.isFinite(sum)) {
      return -1;
    }
    var finite = torch.isfinite(raw.reshape(-1)).to(torch.ScalarType.Int);
    return finite.min().item_int() == 1 ? -1 : torch.argmin(finite).item_long();
  }

  // ---- shaping ---------------------------------------------------------------------------------

  /// The same elements in another shape; −1 stands for the extent that follows from the rest.
  public Tensor reshape(long... shape) {
    return maybeCopied(raw.reshape(shape));
  }

  /// Dimensions `a` and `b` exchanged; a view.
  public Tensor transpose(int a, int b) {
    return new Tensor(raw.transpose(a, b));
  }

  /// `length` entries of a dimension from `start` on; a view.
  public Tensor narrow(int dim, long start, long length) {
    return new Tensor(raw.narrow(dim, start, length));
  }

  /// One entry of the first dimension; a view with one dimension less.
  public Tensor row(long index) {
    return new Tensor(raw.select(0, index));
  }

  /// The entries of the first dimension at the given indices, `[n, …]`; a copy.
  ///
  /// @param indices int64 `[n]`
  public Tensor rows(Tensor indices) {
    return select(0, indices);
  }

  /// The entries of dimension `dim` at the given indices; a copy.
  public Tensor select(int dim, Tensor indices) {
    if (raw.is_meta()) { // libtorch knows no shape of its own for this operation
      long[] shape = shape().stream().mapToLong(Long::longValue).toArray();
      shape[dim] = indices.dim(0);
      return empty(Device.META, dtype(), shape);
    }
    return taken(raw.index_select(dim, here(indices)));
  }

  /// This tensor with the entries of dimension `dim` at the given indices replaced; a copy.
  ///
  /// @param indices int64 `[n]`, no index twice
  /// @param other of this tensor's type, with extent `n` at `dim`
  public Tensor withSelected(int dim, Tensor indices, Tensor other) {
    var self = new Tensor(there(other));
    return made(self.raw.index_copy(dim, self.here(indices), self.here(other)), this, other);
  }

  /// A dimension of extent 1 put in front of `dim`; a view.
  public Tensor unsqueeze(int dim) {
    return new Tensor(raw.unsqueeze(dim));
  }

  /// Entries of a dimension moved on by `by` places, the last ones to the front; a copy.
  public Tensor rolled(int dim, long by) {
    return raw.is_meta() ? copy() : made(torch.roll(raw, new long[] {by}, dim), this);
  }

  /// Extents of 1 repeated without a copy; a view.
  public Tensor expand(long... shape) {
    return new Tensor(raw.expand(shape));
  }

  /// This tensor in row-major memory: itself when it already is.
  public Tensor contiguous() {
    return maybeCopied(raw.contiguous());
  }

  /// A copy of its own.
  public Tensor copy() {
    return made(raw.clone(), this);
  }

  /// This tensor in another type: itself when it already is.
  public Tensor to(DType dtype) {
    return dtype() == dtype ? this : made(raw.to(Types.to(dtype)), this);
  }

  // ---- arithmetic ------------------------------------------------------------------------------

  public Tensor plus(Tensor other) {
    return made(there(other).add(here(other)), this, other);
  }

  public Tensor plus(double value) {
    return made(raw.add(new Scalar(value)), this);
  }

  public Tensor minus(Tensor other) {
    return made(there(other).sub(here(other)), this, other);
  }

  public Tensor times(Tensor other) {
    return made(there(other).mul(here(other)), this, other);
  }

  public Tensor times(double factor) {
    return made(raw.mul(new Scalar(factor)), this);
  }

  public Tensor dividedBy(Tensor other) {
    return made(there(other).div(here(other)), this, other);
  }

  /// `x + column ⊗ row`: the rank-1 update.
  ///
  /// @param column `[pos]`
  /// @param row `[d_model]`
  public Tensor plusOuter(Tensor column, Tensor row) {
    return device().isHost() && row.device().isHost()
        ? made(torch.addr(raw, column.raw, row.raw), this, column, row)
        : made(torch.addcmul(there(row), here(column.unsqueeze(1)), here(row)), this, column, row);
  }

  /// Adds the outer product of a column and a row here.
  public Tensor addOuterInPlace(Tensor column, Tensor row) {
    if (device().isHost() && row.device().isHost()) {
      raw.addr_(column.raw, row.raw);
    } else {
      raw.addcmul_(onto(column.unsqueeze(1)), onto(row));
    }
    Meter.changed(this, column, row);
    return this;
  }

  /// Adds `other` here.
  public Tensor addInPlace(Tensor other) {
    raw.add_(onto(other));
    Meter.changed(this, other);
    return this;
  }

  /// Adds `factor · other` here.
  public Tensor addInPlace(Tensor other, double factor) {
    raw.add_(onto(other), new Scalar(factor));
    Meter.changed(this, other);
    return this;
  }

  /// Adds `a ⊙ b` here.
  public Tensor addProductInPlace(Tensor a, Tensor b) {
    raw.addcmul_(onto(a), onto(b));
    Meter.changed(this, a, b);
    return this;
  }

  /// Multiplies here, in this tensor's type.
  public Tensor multiplyInPlace(Tensor other) {
    raw.mul_(onto(other));
    Meter.changed(this, other);
    return this;
  }

  /// Multiplies here.
  public Tensor multiplyInPlace(double factor) {
    raw.mul_(new Scalar(factor));
    Meter.changed(this);
    return this;
  }

  /// Overwrites this tensor with `other`'s elements, converting the type.
  public Tensor copyInPlace(Tensor other) {
    raw.copy_(onto(other));
    Meter.overwritten(this, other);
    return this;
  }

  /// Overwrites rows of the first dimension with another tensor's, in order.
  ///
  /// @param indices int64 `[n]`, no row twice
  /// @param other `[n, …]`, of this tensor's type
  /// @return this tensor
  public Tensor copyRowsInPlace(Tensor indices, Tensor other) {
    raw.index_copy_(0, onto(indices), onto(other));
    Meter.overwritten(other, other);
    return this;
  }

  /// Matrix product over the last two dimensions; earlier ones are batches.
  public Tensor matmul(Tensor other) {
    return made(there(other).matmul(here(other)), this, other);
  }

  /// Inner product of each row with one row vector: `[pos, d] · [d] → [pos]`.
  public Tensor dotRows(Tensor row) {
    return made(there(row).matmul(here(row)), this, row);
  }

  /// Dot product of each row of this bfloat16 matrix with the sum of some vectors, summed in
  /// float32.
  ///
  /// @param parts the vectors, bfloat16 `[d, n]`
  /// @return `[rows]`, float32
  public Tensor dotRowsWithSum(Tensor parts) {
    var products =
        device().kind() == Device.Kind.CUDA
            ? new Tensor(torch.mm(raw, onto(parts), torch.ScalarType.Float))
            : to(DType.F32).matmul(parts.to(DType.F32));
    return products.sum(1);
  }

  public Tensor exp() {
    return made(raw.exp(), this);
  }

  public Tensor log() {
    return made(raw.log(), this);
  }

  public Tensor square() {
    return made(raw.square(), this);
  }

  public Tensor sqrt() {
    return made(raw.sqrt(), this);
  }

  public Tensor abs() {
    return made(raw.abs(), this);
  }

  /// Sum of all elements, accumulated in this tensor's type.
  public Tensor sum() {
    return made(raw.sum(), this);
  }

  /// Sum along a dimension, which disappears.
  public Tensor sum(int dim) {
    return made(raw.sum(dim), this);
  }

  /// At each place the sum up to it along one dimension.
  public Tensor cumulated(int dim) {
    return made(raw.cumsum(dim), this);
  }

  /// Mean along a dimension, which disappears.
  public Tensor mean(int dim) {
    return made(raw.mean(dim), this);
  }

  /// Euclidean length of all elements together, accumulated in float64.
  public double norm() {
    return Math.sqrt(raw.to(torch.ScalarType.Double).square().sum().item_double());
  }

  /// Largest element.
  public double max() {
    return raw.max().item_double();
  }

  /// Index of the largest element along the last dimension, which disappears; the first of equals.
  public Tensor argmax() {
    return made(torch.argmax(raw, new LongOptional(-1), false), this);
  }

  /// Indices of the `k` largest elements along the last dimension, largest first.
  public Tensor topIndices(int k) {
    return made(torch.topk(raw, k).get1(), this);
  }

  /// 1 where an integer is `value`, 0 elsewhere; float32.
  public Tensor isEqual(long value) {
    return made(raw.eq(new Scalar(value)).to(torch.ScalarType.Float), this);
  }

  /// Softmax along the last dimension.
  public Tensor softmax() {
    return made(torch.softmax(raw, -1), this);
  }

  /// Logarithm of the softmax along the last dimension, in nats.
  public Tensor logSoftmax() {
    return made(torch.log_softmax(raw, -1), this);
  }

  @Override
  public String toString() {
    return dtype() + shape().toString();
  }

  // ---- inside ----------------------------------------------------------------------------------

  /// What one operation made of some tensors.
  static Tensor made(org.bytedeco.pytorch.Tensor result, Tensor... read) {
    var tensor = new Tensor(result);
    Meter.made(tensor, read);
    return tensor;
  }

  /// Entries taken out of a tensor.
  static Tensor taken(org.bytedeco.pytorch.Tensor entries) {
    var tensor = new Tensor(entries);
    Meter.overwritten(tensor, tensor);
    return tensor;
  }

  /// This tensor's elements, as a view where libtorch could make one.
  private Tensor maybeCopied(org.bytedeco.pytorch.Tensor elements) {
    var tensor = new Tensor(elements);
    Meter.perhapsCopied(tensor, this);
    return tensor;
  }

  private static TensorOptions options(Device device, DType dtype) {
    var options = new TensorOptions(Types.to(dtype));
    return device.isHost() ? options : options.device(new DeviceOptional(device.raw()));
  }

  /// An operand where this tensor is, if it comes from the host.
  org.bytedeco.pytorch.Tensor here(Tensor operand) {
    return Device.onlyHost() || !Device.CPU.holds(operand.raw)
        ? operand.raw
        : operand.on(device()).raw;
  }

  /// An operand where this tensor is, which is to be changed; from a card, this waits for it.
  private org.bytedeco.pytorch.Tensor onto(Tensor operand) {
    return Device.onlyHost() ? operand.raw : operand.on(device()).raw;
  }

  /// This tensor where an operand is, if this one comes from the host.
  private org.bytedeco.pytorch.Tensor there(Tensor operand) {
    return operand.here(this);
  }

  /// Parts where the first is that is not on the host.
  private static TensorVector vector(List<Tensor> parts) {
    var lead =
        Device.onlyHost()
            ? parts.getFirst()
            : parts.stream()
                .filter(part -> !Device.CPU.holds(part.raw))
                .findFirst()
                .orElse(parts.getFirst());
    return new TensorVector(
        parts.stream().map(lead::here).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  private static long elements(long... shape) {
    long count = 1;
    for (long extent : shape) {
      if (extent < 0) {
        throw new ShapeException("extents must be >= 0, was " + Arrays.toString(shape));
      }
      count = Math.multiplyExact(count, extent);
    }
    return count;
  }

  private static void checkCount(int count, long... shape) {
    if (count != elements(shape)) {
      throw new ShapeException(
          "shape "
              + Arrays.toString(shape)
              + " takes "
              + elements(shape)
              + " values, got "
              + count);
    }
  }

  /// A native pointer to memory somebody else owns.
  private static final class SegmentPointer extends Pointer {
    SegmentPointer(MemorySegment segment) {
      this.address = segment.address();
      this.limit = segment.byteSize();
      this.capacity = segment.byteSize();
    }
  }
}
