package dev.demur.kit;

import dev.demur.model.DeviceChoice;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.arch.Placement;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Device.Kind;
import dev.demur.model.tensor.Torch;
import java.util.Arrays;
import java.util.List;

/// The devices that laws hold on: `-Ddemur.devices=cpu,meta,cuda`, or `cpu,meta` where nothing is
/// said. Classes marked [EveryDevice] run once on each that has numbers; what runs on `meta` is in
/// `DeviceLawsTest`. `lazy` is a second device with numbers for machines without a card; it is
/// slow.
public final class Devices {

  private static final String PROPERTY = "demur.devices";

  private static final List<Device> ALL = parse(System.getProperty(PROPERTY, "cpu,meta"));

  private static final ThreadLocal<Device> CURRENT = ThreadLocal.withInitial(() -> Device.CPU);

  private Devices() {}

  /// Those a law can be seen on; none where only `meta` was asked for.
  static List<Device> withNumbers() {
    return ALL.stream().filter(device -> device.kind() != Kind.META).toList();
  }

  /// Whether passes are to run on shapes alone.
  public static boolean withShapes() {
    return ALL.contains(Device.META);
  }

  /// Where tests tagged `gpu` run: the first device named that is a card or stands for one, else
  /// the host, which tries the tests themselves; a card where nothing was said.
  public static Device card() {
    return parse(System.getProperty(PROPERTY, "cuda")).stream()
        .filter(device -> device.kind() == Kind.CUDA || device.kind() == Kind.LAZY)
        .findFirst()
        .orElse(Device.CPU);
  }

  /// A device with numbers that is not the host's: the card named, else lazy tensors.
  public static Device elsewhere() {
    var device =
        ALL.stream().filter(each -> each.kind() == Kind.CUDA).findFirst().orElse(Device.LAZY);
    require(device);
    return device;
  }

  /// The device this test runs on.
  public static Device current() {
    return CURRENT.get();
  }

  /// Everything decoded, on the device this test runs on.
  public static Holding held(DType dtype) {
    return new Holding(dtype, Quantised.DECODED, Placement.on(current()));
  }

  /// The device this test runs on, for a chat model.
  public static DeviceChoice choice() {
    return new DeviceChoice(List.of(current()));
  }

  /// Makes sure that tensors can be put there.
  public static void require(Device device) {
    switch (device.kind()) {
      case CUDA -> Torch.requireCuda();
      case LAZY -> LazyTensors.begin();
      case CPU, META -> {}
    }
  }

  /// Tests of this thread run there from now on.
  static void enter(Device device) {
    require(device);
    CURRENT.set(device);
  }

  static void leave() {
    CURRENT.remove();
  }

  private static List<Device> parse(String names) {
    return Arrays.stream(names.split(",")).map(Device::parse).toList();
  }
}
