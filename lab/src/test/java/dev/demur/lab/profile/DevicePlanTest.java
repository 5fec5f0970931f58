package dev.demur.lab.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.lab.profile.DevicePlan.Share;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.DeviceChoice;
import dev.demur.model.tensor.Card;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Cards of stated sizes stand for a machine's.
class DevicePlanTest {

  private static final long PLENTY = 1L << 40;

  @Test
  void aModelIsWholeWhereItFitsAndSplitWhereItDoesNot() throws IOException {
    try (var model = open()) {
      long all = DeviceChoice.sizes(model.files(), DType.F32).total();
      var none = DevicePlan.all(model, PLENTY, List.of());
      assertThat(none).singleElement().matches(DevicePlan::fits, "fits");
      assertThat(none.getFirst().placement()).isEqualTo("cpu");

      var large = DevicePlan.all(model, PLENTY, List.of(card(0, PLENTY)));
      assertThat(large).extracting(DevicePlan::choice).containsExactly("cpu", "cuda:0", "auto");
      assertThat(large.getLast().placement()).isEqualTo("cuda:0");

      var small = DevicePlan.all(model, PLENTY, List.of(card(0, all), card(1, all)));
      var split = small.getLast();
      assertThat(split.placement())
          .matches("cuda:0 \\(blocks 0–\\d+\\), cuda:1 \\(blocks \\d+ on\\)");
      assertThat(split.shares().stream().mapToLong(Share::weights).sum()).isEqualTo(all);
      assertThat(split.shares()).allMatch(share -> share.cache() > 0 && share.batch() > 0);
    }
  }

  @Test
  void whatACardHasNoRoomForDoesNotFit() throws IOException {
    try (var model = open()) {
      var plan = DevicePlan.all(model, PLENTY, List.of(card(0, 1))).get(1);
      assertThat(plan.choice()).isEqualTo("cuda:0");
      assertThat(plan.fits()).isFalse();
      assertThat(DevicePlan.all(model, 1, List.of()).getFirst().fits()).isFalse();
    }
  }

  @Test
  void whatTheHostComputesOfASplitModelIsSaid() throws IOException {
    try (var whole = open()) {
      assertThat(SplitCost.of(whole)).isEmpty();
    }
    var cost = new SplitCost("cuda:0 (blocks 0–3), cpu (blocks 4 on)", 6, 2, 3_000_000_000L, 0.25);
    assertThat(cost.text("m"))
        .isEqualTo(
            "m lies on cuda:0 (blocks 0–3), cpu (blocks 4 on); the host computes 2 of 6 blocks,"
                + " 3.0 GB, about 0.25 s for every token written");
  }

  private static ChatModel open() throws IOException {
    return ChatModel.load(Checkpoints.named("qwen2-untied").toString(), DTypeChoice.F32);
  }

  private static Card card(int index, long bytes) {
    return new Card(Device.cuda(index), "a card", bytes);
  }
}
