package dev.demur.bench;

import dev.demur.lab.explain.Component;
import dev.demur.lab.monitor.FalsePositiveBound;
import dev.demur.lab.monitor.HeadSignal;
import dev.demur.lab.monitor.Monitor;
import dev.demur.lab.monitor.Place;
import dev.demur.lab.monitor.Probe;
import dev.demur.model.ChatModel;
import dev.demur.model.DTypeChoice;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.tensor.Scope;
import dev.demur.model.tensor.Torch;
import dev.demur.model.text.Prompt;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What a monitor adds to the time a prompt's pass takes, turn by turn in one run.
///
/// `java -cp … dev.demur.bench.MonitorOverhead MODEL [WORDS] [ROUNDS]`. The monitor is a random one
/// that watches eight heads in eight layers, the most a trained one does. One prompt a pass, as a
/// server has it; making the watch and reading its alarms are counted. One thread, whose own CPU
/// time is measured, so that other work on the machine hardly counts.
public final class MonitorOverhead {

  private static final int HEADS = 8;

  private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

  private MonitorOverhead() {}

  public static void main(String[] args) throws IOException {
    int words = args.length > 1 ? Integer.parseInt(args[1]) : 100;
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 40;
    Torch.threads(1);
    try (var model = ChatModel.load(args[0], DTypeChoice.BF16);
        var _ = Torch.inference();
        var _ = Scope.open()) {
      var monitor = random(model).on(model);
      var prompt = prompt(model, words);
      var plain = new ArrayList<Double>();
      var watched = new ArrayList<Double>();
      var differences = new ArrayList<Double>();
      for (int round = -3; round < rounds; round++) { // the first ones are a warm-up
        double without = 0;
        double with = 0;
        for (int turn = 0; turn < 2; turn++) { // which goes first changes every round
          boolean watching = (turn == 0) == (round % 2 == 0);
          long start = CPU.getCurrentThreadCpuTime();
          try (var _ = Scope.open()) {
            if (watching) {
              var watch = monitor.watch(List.of(prompt));
              model.forward().lastLogits(List.of(prompt.tokens()), watch.probes());
              watch.readings();
            } else {
              model.forward().lastLogits(List.of(prompt.tokens()), HookPlan.none());
            }
          }
          double millis = (CPU.getCurrentThreadCpuTime() - start) / 1e6;
          with = watching ? millis : with;
          without = watching ? without : millis;
        }
        if (round >= 0) {
          plain.add(without);
          watched.add(with);
          differences.add(with - without);
        }
      }
      System.out.printf(
          "%s, %d tokens, median of %d: prefill %.2f ms, watched %.2f ms; median difference %.3f"
              + " ms, %.2f %%%n",
          model.name(),
          prompt.length(),
          rounds,
          median(plain),
          median(watched),
          median(differences),
          100 * median(differences) / median(plain));
    }
  }

  private static Monitor random(ChatModel model) throws IOException {
    var config = model.config();
    var random = new SplittableRandom(1);
    var weight =
        IntStream.range(0, config.dModel())
            .mapToObj(i -> (float) random.nextGaussian() / (1 + i % 3))
            .toList();
    int middle = config.nLayers() / 2;
    var heads = new ArrayList<Component>();
    for (int i = 0; i < HEADS; i++) {
      int layer = i * config.nLayers() / HEADS;
      heads.add(new Component(Component.Kind.HEAD, layer, i % config.nHeads()));
    }
    return new Monitor(
        Monitor.FORMAT,
        Monitor.VERSION,
        model.name(),
        model.files().weightsHash(),
        new Probe(Place.LAST_INSTRUCTION, middle, Probe.Method.LOGISTIC, weight, 0),
        0,
        new Probe(Place.LAST, middle, Probe.Method.LOGISTIC, weight, 0),
        new HeadSignal(weight, heads, 0, 0),
        new FalsePositiveBound(0.01, 0.95, 299, 0),
        config.nCtx());
  }

  private static Prompt prompt(ChatModel model, int words) {
    var some = List.of("bread", "river", "garden", "story", "window", "music", "stone", "winter");
    var text =
        IntStream.range(0, words)
            .mapToObj(i -> some.get(i * 5 % some.size()))
            .collect(Collectors.joining(" "));
    return model.prompt("Write a story about " + text + ".");
  }

  private static double median(List<Double> values) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.get(sorted.size() / 2);
  }
}
