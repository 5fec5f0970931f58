package dev.demur.model.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.demur.model.arch.Placement.Room;
import dev.demur.model.arch.Placement.Sizes;
import dev.demur.model.arch.Placement.Span;
import dev.demur.model.tensor.Device;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {

  private static final Device FIRST = Device.cuda(0);
  private static final Device SECOND = Device.cuda(1);

  @Test
  void aModelThatFitsIsOnOneDevice() {
    var sizes = new Sizes(10, Collections.nCopies(4, 20L), 10);
    var rooms = List.of(new Room(FIRST, 100), new Room(SECOND, 100));
    assertThat(Placement.filling(rooms, sizes)).isEqualTo(Placement.on(FIRST));
  }

  @Test
  void blocksThatDoNotFitGoOn() {
    var sizes = new Sizes(10, Collections.nCopies(8, 20L), 10);
    var rooms = List.of(new Room(FIRST, 90), new Room(SECOND, 200));
    var placement = Placement.filling(rooms, sizes);
    assertThat(placement)
        .isEqualTo(new Placement(List.of(new Span(FIRST, 4), new Span(SECOND, Integer.MAX_VALUE))))
        .hasToString("cuda:0 (blocks 0–3), cuda:1 (blocks 4 on)");
  }

  @Test
  void aRoomTooSmallForTheEmbeddingIsPassedOver() {
    var sizes = new Sizes(50, Collections.nCopies(2, 20L), 0);
    var rooms = List.of(new Room(FIRST, 30), new Room(SECOND, 500));
    assertThat(Placement.filling(rooms, sizes)).isEqualTo(Placement.on(SECOND));
  }

  /// Under the names of a text model alone, and of one inside a multimodal checkpoint.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "norm.weight",
        "model.norm.weight",
        "language_model.model.norm.weight",
        "model.language_model.norm.weight",
        "language_model.lm_head.weight",
        "gpt_neox.final_layer_norm.bias"
      })
  void theFinalNormAndTheUnembeddingAreBehindTheBlocks(String tensor) {
    var placement = new Placement(List.of(new Span(FIRST, 1), new Span(SECOND, Integer.MAX_VALUE)));
    assertThat(placement.of(tensor)).isEqualTo(SECOND);
    assertThat(placement.of("model.language_model.embed_tokens.weight")).isEqualTo(FIRST);
    assertThat(placement.of("model.language_model.layers.0.input_layernorm.weight"))
        .isEqualTo(FIRST);
  }

  /// No room but the last takes more than it has; blocks stay in order.
  @RepeatedTest(200)
  void noRoomIsOverfilled(RepetitionInfo repetition) {
    var random = new SplittableRandom(repetition.getCurrentRepetition());
    var sizes =
        new Sizes(
            random.nextInt(1, 60),
            random.longs(random.nextInt(1, 30), 1, 50).boxed().toList(),
            random.nextInt(0, 60));
    var rooms =
        IntStream.range(0, random.nextInt(1, 5))
            .mapToObj(i -> new Room(Device.cuda(i), random.nextInt(0, 400)))
            .toList();
    var placement = Placement.filling(rooms, sizes);
    int layers = sizes.blocks().size();
    var devices = placement.blocks(layers);
    assertThat(devices.stream().map(Device::index).toList()).isSorted();
    assertThat(devices.getLast()).isEqualTo(placement.last());
    assertThat(placement.taken(sizes).values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(sizes.total());
    for (var room : rooms.subList(0, rooms.size() - 1)) {
      long taken = placement.taken(sizes).getOrDefault(room.device(), 0L);
      assertThat(taken).as(room + " of " + placement).isLessThanOrEqualTo(room.free());
    }
  }

  @Test
  void tensorsAreFoundByTheirNames() {
    var placement = new Placement(List.of(new Span(FIRST, 2), new Span(SECOND, Integer.MAX_VALUE)));
    assertThat(placement.of("model.embed_tokens.weight")).isEqualTo(FIRST);
    assertThat(placement.of("model.layers.1.self_attn.q_proj.weight")).isEqualTo(FIRST);
    assertThat(placement.of("model.layers.2.self_attn.q_proj.weight")).isEqualTo(SECOND);
    assertThat(placement.of("transformer.h.11.mlp.c_fc.weight")).isEqualTo(SECOND);
    assertThat(placement.of("gpt_neox.layers.0.attention.dense.bias")).isEqualTo(FIRST);
    for (String head :
        List.of(
            "model.norm.weight",
            "lm_head.weight",
            "transformer.ln_f.bias",
            "ln_f.weight",
            "gpt_neox.final_layer_norm.weight",
            "embed_out.weight")) {
      assertThat(placement.of(head)).as(head).isEqualTo(SECOND);
    }
  }

  @Test
  void neighboursOfOneNameAreNamedOnce() {
    var spans =
        List.of(new Span(FIRST, 2), new Span(SECOND, 5), new Span(Device.CPU, Integer.MAX_VALUE));
    assertThat(new Placement(spans).text(device -> device.isHost() ? "cpu" : "a card"))
        .isEqualTo("a card (blocks 0–4), cpu (blocks 5 on)");
    assertThat(new Placement(spans).text(_ -> "all")).isEqualTo("all");
  }

  @Test
  void someSpanTakesTheBlocksThatAreLeft() {
    assertThatThrownBy(() -> new Placement(List.of(new Span(FIRST, 3))))
        .hasMessage("the last span must take all blocks that are left");
  }
}
