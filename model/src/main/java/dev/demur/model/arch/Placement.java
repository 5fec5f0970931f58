package dev.demur.model.arch;

import dev.demur.model.tensor.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// Which part of a model lies on which device: blocks in order, the embedding with the first of
/// them, the final norm and the unembedding with the last.
///
/// A pass carries the stream `[tokens, d_model]` from one device to the next where blocks change
/// hands; hooks see nothing of it.
///
/// @param spans in the order of the blocks, at least one
public record Placement(List<Span> spans) {

  private static final Pattern BLOCK = Pattern.compile("(?:layers|h)\\.(\\d{1,6})\\.");

  private static final Pattern HEAD =
      Pattern.compile(
          "lm_head|embed_out|output|^(?:\\w+\\.){0,2}(?:norm|embedding_norm|ln_f|final_layer\\w*norm)\\.");

  /// Blocks in a row on one device.
  ///
  /// @param device where
  /// @param until index behind the last of them; `Integer.MAX_VALUE` for all that are left
  public record Span(Device device, int until) {}

  public Placement {
    spans = List.copyOf(spans);
    if (spans.isEmpty() || spans.getLast().until != Integer.MAX_VALUE) {
      throw new IllegalArgumentException("the last span must take all blocks that are left");
    }
  }

  /// Everything on one device.
  public static Placement on(Device device) {
    return new Placement(List.of(new Span(device, Integer.MAX_VALUE)));
  }

  /// Everything on the host.
  public static Placement host() {
    return on(Device.CPU);
  }

  /// A device with room for weights.
  ///
  /// @param free bytes of weights it may take
  public record Room(Device device, long free) {}

  /// What a model's parts take, bytes.
  ///
  /// @param embedding before block 0
  /// @param blocks of each block
  /// @param head behind the last block; 0 where the unembedding is the embedding
  public record Sizes(long embedding, List<Long> blocks, long head) {
    public Sizes {
      blocks = List.copyOf(blocks);
    }

    /// All parts together.
    public long total() {
      return embedding + head + blocks.stream().mapToLong(Long::longValue).sum();
    }
  }

  /// Blocks filled into rooms in their order; what does not fit anywhere goes to the last.
  ///
  /// @param rooms at least one
  public static Placement filling(List<Room> rooms, Sizes sizes) {
    var spans = new ArrayList<Span>();
    int next = 0;
    for (int i = 0; i < rooms.size() - 1; i++) {
      long left = rooms.get(i).free - (spans.isEmpty() ? sizes.embedding : 0);
      int first = next;
      while (next < sizes.blocks.size() && sizes.blocks.get(next) <= left) {
        left -= sizes.blocks.get(next++);
      }
      if (next == sizes.blocks.size() && sizes.head <= left) {
        spans.add(new Span(rooms.get(i).device, Integer.MAX_VALUE));
        return new Placement(spans);
      }
      // The head needs a room behind: one block more goes with it.
      next = Math.min(next, sizes.blocks.size() - 1);
      if (next > first) {
        spans.add(new Span(rooms.get(i).device, next));
      }
    }
    spans.add(new Span(rooms.getLast().device, Integer.MAX_VALUE));
    return new Placement(spans);
  }

  /// Where what comes before the blocks lies.
  public Device first() {
    return spans.getFirst().device;
  }

  /// Where what comes behind the blocks lies.
  public Device last() {
    return spans.getLast().device;
  }

  /// Where a block lies.
  public Device block(int layer) {
    return spans.stream().filter(span -> layer < span.until).findFirst().orElseThrow().device;
  }

  /// Where each block of a model lies.
  ///
  /// @param layers how many it has
  public List<Device> blocks(int layers) {
    return IntStream.range(0, layers).mapToObj(this::block).toList();
  }

  /// What a model takes of each device, bytes, in the order of its blocks.
  public SequencedMap<Device, Long> taken(Sizes sizes) {
    var taken = new LinkedHashMap<Device, Long>();
    taken.put(first(), sizes.embedding);
    for (int layer = 0; layer < sizes.blocks.size(); layer++) {
      taken.merge(block(layer), sizes.blocks.get(layer), Long::sum);
    }
    taken.merge(last(), sizes.head, Long::sum);
    return taken;
  }

  /// Where a tensor of a checkpoint lies.
  public Device of(String tensor) {
    var layer = block(tensor);
    if (layer.isPresent()) {
      return block(layer.getAsInt());
    }
    return isBehindBlocks(tensor) ? last() : first();
  }

  /// Block a tensor belongs to, as all families name them; empty for one of no block.
  public static OptionalInt block(String tensor) {
    var match = BLOCK.matcher(tensor);
    return match.find() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
  }

  /// Whether a tensor of no block belongs to the final norm or the unembedding.
  public static boolean isBehindBlocks(String tensor) {
    return HEAD.matcher(tensor).find();
  }

  /// Whether everything is on the host.
  public boolean isHost() {
    return spans.stream().allMatch(span -> span.device.isHost());
  }

  /// What lies where, with devices named as one likes; neighbours of one name count as one.
  ///
  /// @return such as `cuda:0`, or `cuda:0 (blocks 0–15), cuda:1 (blocks 16 on)`
  public String text(Function<Device, String> name) {
    var text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < spans.size(); i++) {
      String here = name.apply(spans.get(i).device);
      boolean last = i == spans.size() - 1;
      if (!last && here.equals(name.apply(spans.get(i + 1).device))) {
        continue;
      }
      text.append(text.isEmpty() ? "" : ", ").append(here);
      if (from > 0 || !last) {
        String blocks = last ? from + " on" : from + "–" + (spans.get(i).until - 1);
        text.append(" (blocks ").append(blocks).append(')');
      }
      from = spans.get(i).until;
    }
    return text.toString();
  }

  /// What [#text] says with the devices' own names.
  @Override
  public String toString() {
    return text(Device::toString);
  }
}
