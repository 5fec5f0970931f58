package dev.demur.model.generate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.demur.kit.Checkpoints;
import dev.demur.kit.Devices;
import dev.demur.kit.EveryFamily;
import dev.demur.kit.Scoped;
import dev.demur.kit.TinyModels;
import dev.demur.model.arch.Holding;
import dev.demur.model.arch.Holding.Quantised;
import dev.demur.model.arch.Placement;
import dev.demur.model.arch.Transformer;
import dev.demur.model.arch.family.Family;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.HookPoint;
import dev.demur.model.hook.Positions;
import dev.demur.model.hook.Site;
import dev.demur.model.tensor.DType;
import dev.demur.model.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/// Requests side by side on a card; see `CardTest`. `-Ddemur.devices=lazy` tries the suite itself.
@Tag("gpu")
@Scoped
class EngineCardTest {

  private static final Device CARD = Devices.card();

  private static final int NEW_TOKENS = 8;

  @BeforeAll
  static void there() {
    Devices.require(CARD);
  }

  @EveryFamily
  void requestsUnderSeveralPlansWriteOnACardWhatTheyWriteAloneOnTheHost(Path folder)
      throws IOException {
    try (var files = Checkpoints.open(folder);
        var golden = Checkpoints.golden(folder)) {
      var prompt = Checkpoints.prompts(golden).get(1);
      var host = Family.load(files, new Holding(DType.F32, Quantised.DECODED));
      var card = Family.load(files, new Holding(DType.F32, Quantised.DECODED, Placement.on(CARD)));
      var requests =
          plans(host).stream().map(Request.of(prompt, Set.of(), NEW_TOKENS)::with).toList();
      var options = new GenerationOptions(NEW_TOKENS, 1, new Sampler.Greedy(), Set.of());
      var expected =
          requests.stream()
              .map(each -> new Generator(host, options, each.plan()))
              .map(generator -> generator.complete(List.of(prompt), _ -> {}).getFirst())
              .toList();
      try (var engine = Engine.start(card, new EngineOptions(5, 128, 8, 8, 1))) {
        var heard = requests.stream().map(_ -> new Heard()).toList();
        for (int i = 0; i < heard.size(); i++) {
          engine.submit(requests.get(i), heard.get(i));
        }
        assertThat(heard.stream().map(Heard::completion).toList()).isEqualTo(expected);
      }
    }
  }

  private static List<HookPlan> plans(Transformer model) {
    var last = new HookPoint(model.config().nLayers() - 1, Site.RESID_PRE);
    return List.of(
        HookPlan.none(),
        ablation(model, 1),
        ablation(model, 2),
        HookPlan.none().edit(last, x -> x.times(-1)),
        HookPlan.none().editAt(last, Positions.last(2), x -> x.times(3)));
  }

  private static HookPlan ablation(Transformer model, int seed) {
    var unit = TinyModels.unit(new Random(seed), model.config().dModel());
    var plan = HookPlan.none().scaleAlong(new HookPoint(0, Site.RESID_PRE), unit, 0);
    for (int layer = 0; layer < model.config().nLayers(); layer++) {
      plan =
          plan.scaleAlong(new HookPoint(layer, Site.ATTN_OUT), unit, 0)
              .scaleAlong(new HookPoint(layer, Site.MLP_OUT), unit, 0);
    }
    return plan;
  }
}
