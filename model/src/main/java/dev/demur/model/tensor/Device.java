package dev.demur.model.tensor;

import java.util.Locale;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.global.torch.DeviceType;

/// Where a tensor's numbers lie and its operations run.
///
/// @param kind what sort of device
/// @param index which of its sort, from 0
public record Device(Kind kind, int index) {

  /// A sort of device.
  public enum Kind {
    /// The host: Java reads and writes these numbers.
    CPU,
    /// A card, through a libtorch with CUDA.
    CUDA,
    /// No numbers at all, shapes alone: what a test runs to see that a pass keeps to its device.
    META,
    /// libtorch's lazy tensors, which the host computes behind a device of their own: a second
    /// device with numbers for tests on a machine that has no card.
    LAZY;

    /// Whether a model is put there by tests alone.
    public boolean isForTests() {
      return switch (this) {
        case META, LAZY -> true;
        case CPU, CUDA -> false;
      };
    }
  }

  /// The host.
  public static final Device CPU = new Device(Kind.CPU, 0);

  /// Shapes alone.
  public static final Device META = new Device(Kind.META, 0);

  /// The host behind a device of its own.
  public static final Device LAZY = new Device(Kind.LAZY, 0);

  private static final Pattern NAME = Pattern.compile("(cpu|meta|lazy)|cuda(?::(\\d{1,2}))?");

  /// Whether a tensor has ever been anywhere but on the host. While none has, operands need not be
  /// looked at.
  private static volatile boolean onlyHost = true;

  public Device {
    if (index < 0 || (kind != Kind.CUDA && index > 0)) {
      throw new IllegalArgumentException("there is no device " + name(kind) + ":" + index);
    }
  }

  /// A card.
  ///
  /// @param index which, from 0
  public static Device cuda(int index) {
    return new Device(Kind.CUDA, index);
  }

  /// Reads `cpu`, `cuda`, `cuda:1`, `meta` or `lazy`.
  ///
  /// @throws IllegalArgumentException if the text is none of them
  public static Device parse(String text) {
    var match = NAME.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException("a device is cpu, cuda or cuda:N, was \"" + text + "\"");
    }
    String plain = match.group(1);
    if (plain != null) {
      return switch (plain) {
        case "cpu" -> CPU;
        case "meta" -> META;
        default -> LAZY;
      };
    }
    String index = match.group(2);
    return cuda(index == null ? 0 : Integer.parseInt(index));
  }

  /// Whether Java can read what lies there.
  public boolean isHost() {
    return kind == Kind.CPU;
  }

  static boolean onlyHost() {
    return onlyHost;
  }

  static Device of(org.bytedeco.pytorch.Tensor raw) {
    if (raw.is_cpu()) {
      return CPU;
    }
    if (raw.is_lazy()) {
      return LAZY;
    }
    return raw.is_meta() ? META : cuda(raw.device().index());
  }

  /// Whether a tensor lies there.
  boolean holds(org.bytedeco.pytorch.Tensor raw) {
    return switch (kind) {
      case CPU -> raw.is_cpu();
      case META -> raw.is_meta();
      case CUDA -> raw.is_cuda() && raw.device().index() == index;
      case LAZY -> raw.is_lazy();
    };
  }

  org.bytedeco.pytorch.Device raw() {
    if (kind != Kind.CPU) {
      onlyHost = false;
    }
    return switch (kind) {
      case CPU -> new org.bytedeco.pytorch.Device(DeviceType.CPU);
      case META -> new org.bytedeco.pytorch.Device(DeviceType.Meta);
      case CUDA -> new org.bytedeco.pytorch.Device(DeviceType.CUDA, (byte) index);
      case LAZY -> new org.bytedeco.pytorch.Device(DeviceType.Lazy);
    };
  }

  private static String name(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /// The name that [#parse] reads.
  @Override
  public String toString() {
    return kind == Kind.CUDA ? "cuda:" + index : name(kind);
  }
}
