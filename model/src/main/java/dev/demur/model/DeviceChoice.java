package dev.demur.model;

import dev.demur.model.arch.Placement;
import dev.demur.model.arch.Placement.Room;
import dev.demur.model.arch.Placement.Sizes;
import dev.demur.model.arch.family.Multimodal;
import dev.demur.model.format.ModelFiles;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The devices a model may be put on, in the order they are filled.
///
/// @param devices none for [#AUTO]
public record DeviceChoice(List<Device> devices) {

  /// The first card with room enough, where there is one and a libtorch with CUDA was asked for
  /// (`DEMUR_TORCH`), several where each is too small, the host behind them where all are; else the
  /// host.
  public static final DeviceChoice AUTO = new DeviceChoice(List.of());

  /// The host.
  public static final DeviceChoice HOST = new DeviceChoice(List.of(Device.CPU));

  /// What weights may take of a card: the rest is for a pass and its keys and values.
  private static final double WEIGHTS_SHARE = 0.75;

  public DeviceChoice {
    devices = List.copyOf(devices);
    if (devices.stream().distinct().count() < devices.size()) {
      throw new IllegalArgumentException("a device is named twice: " + devices);
    }
  }

  /// Reads `auto`, `cpu`, `cuda`, `cuda:1`, `cuda:0,cuda:1` or `cuda:0,cpu`.
  ///
  /// @throws IllegalArgumentException if the text is none of them
  public static DeviceChoice parse(String text) {
    if (text.equals("auto")) {
      return AUTO;
    }
    var devices = Arrays.stream(text.split(",", -1)).map(Device::parse).toList();
    devices.stream()
        .filter(device -> device.kind().isForTests())
        .findFirst()
        .ifPresent(
            device -> {
              throw new IllegalArgumentException(device + " is for tests; say cpu or cuda");
            });
    return new DeviceChoice(devices);
  }

  /// Begins to load the libtorch these devices need. Comes before anything else that loads one.
  ///
  /// @throws IllegalArgumentException if there is no card, or no libtorch for it
  public void prepare() {
    if (automaticCards().isEmpty()
        && devices.stream().noneMatch(device -> device.kind() == Device.Kind.CUDA)) {
      Torch.startLoading();
    } else {
      Torch.requireCuda();
    }
  }

  /// The cards [#AUTO] may use; none for any other choice.
  private List<Card> automaticCards() {
    return devices.isEmpty() && Torch.isAsked(System.getenv()) ? Card.all() : List.of();
  }

  /// Where a model's parts go, once [#prepare] was called.
  ///
  /// @param dtype type its matrices are held in
  /// @throws IllegalArgumentException if a device is not there
  public Placement placement(ModelFiles files, DType dtype) throws IOException {
    if (devices.equals(List.of(Device.CPU))) {
      return Placement.host();
    }
    var cards = devices.isEmpty() ? automaticCards() : Card.all();
    return cards.isEmpty() && devices.isEmpty()
        ? Placement.host()
        : placement(sizes(files, dtype), cards);
  }

  /// Where parts of these sizes go on a machine with these cards. [#AUTO] takes the first card that
  /// has room for all; where none has, the cards with the largest first, and then the host.
  ///
  /// @throws IllegalArgumentException if a device is not there
  public Placement placement(Sizes sizes, List<Card> cards) {
    var all = devices.isEmpty() ? automatic(sizes, cards) : devices;
    return all.size() == 1
        ? Placement.on(requireThere(all.getFirst(), cards))
        : Placement.filling(
            all.stream().map(device -> room(requireThere(device, cards), cards)).toList(), sizes);
  }

  private static List<Device> automatic(Sizes sizes, List<Card> cards) {
    return cards.stream()
        .filter(card -> sizes.total() <= room(card))
        .findFirst()
        .map(card -> List.of(card.device()))
        .orElseGet(
            () ->
                Stream.concat(
                        cards.stream()
                            .sorted(Comparator.comparingLong(Card::bytes).reversed())
                            .map(Card::device),
                        Stream.of(Device.CPU))
                    .toList());
  }

  private static Device requireThere(Device device, List<Card> cards) {
    if (device.kind() == Device.Kind.CUDA
        && cards.stream().noneMatch(card -> card.device().equals(device))) {
      throw new IllegalArgumentException(
          "there is no " + device + "; this machine's cards are " + cards);
    }
    return device;
  }

  private static Room room(Device device, List<Card> cards) {
    return cards.stream()
        .filter(card -> card.device().equals(device))
        .map(card -> new Room(device, room(card)))
        .findFirst()
        .orElse(new Room(device, Long.MAX_VALUE));
  }

  private static long room(Card card) {
    return Math.round(card.bytes() * WEIGHTS_SHARE);
  }

  /// What a checkpoint's parts take in memory, bytes.
  public static Sizes sizes(ModelFiles files, DType dtype) throws IOException {
    long embedding = 0;
    long head = 0;
    Map<Integer, Long> blocks = new TreeMap<>();
    for (String name : files.weights().names()) {
      if (Multimodal.isBesideText(name)) {
        continue; // an encoder of images has layers of its own
      }
      long bytes = files.weights().info(name).elements() * dtype.bytes();
      var block = Placement.block(name);
      if (block.isPresent()) {
        blocks.merge(block.getAsInt(), bytes, Long::sum);
      } else if (Placement.isBehindBlocks(name)) {
        head += bytes;
      } else {
        embedding += bytes;
      }
    }
    return new Sizes(embedding, List.copyOf(blocks.values()), head);
  }

  /// What [#parse] reads.
  @Override
  public String toString() {
    return devices.isEmpty()
        ? "auto"
        : String.join(",", devices.stream().map(Device::toString).toList());
  }
}
