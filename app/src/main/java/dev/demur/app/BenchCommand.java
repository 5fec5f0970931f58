package dev.demur.app;

import dev.demur.lab.profile.Ceilings;
import dev.demur.lab.profile.ModelSpeed;
import dev.demur.lab.profile.ModelSpeed.Rate;
import dev.demur.lab.profile.ModelSpeed.Task;
import dev.demur.lab.study.Machine;
import dev.demur.model.tensor.Torch;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/// `demur bench`.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measure a model's speed beside what this machine can do at most.",
      "",
      "Matrix products and memory reads take turns with the model's own work in one run; figures"
          + " are",
      "medians, and shares say how far from the machine's limit the model runs. Leave the machine",
      "alone meanwhile.",
      ""
    })
final class BenchCommand implements Callable<Integer> {

  private static final double GIGA = 1e9;
  private static final double PERCENT = 100;

  private final Terminal terminal;

  @Parameters(paramLabel = "MODEL", description = "Folder, GGUF file, org/name, or demo.")
  private String model = "";

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Turns of everything (default: 5).")
  private int rounds = 5;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Mixin private ModelOptions options = new ModelOptions();

  BenchCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    try (var chat = options.open(model)) {
      var speed = ModelSpeed.of(chat, rounds, new TerminalProgress(terminal));
      var machine = Machine.here(Torch.threads());
      if (json) {
        var facts = facts(speed, machine);
        terminal.out().println(JsonMapper.shared().writeValueAsString(facts));
      } else {
        print(speed, machine);
      }
    }
    return ExitCode.OK;
  }

  private void print(ModelSpeed speed, Machine machine) {
    var out = terminal.out();
    var ceilings = speed.ceilings();
    out.printf("machine              %s, %d threads%n", machine.processor(), machine.threads());
    out.printf("bf16 products        %.0f GFLOP/s%n", ceilings.bf16Gemm() / GIGA);
    out.printf("f32 products         %.0f GFLOP/s%n", ceilings.f32Gemm() / GIGA);
    out.printf("memory reads         %.1f GB/s%n%n", ceilings.dramRead() / GIGA);
    for (var rate : speed.rates()) {
      out.printf(
          "%-20s %9.1f tokens/s   %7.1f %-7s  %3.0f %%%n",
          words(rate.task()),
          rate.tokens(),
          rate.used() / GIGA,
          unit(rate.task()),
          PERCENT * rate.share());
    }
  }

  private static String words(Task task) {
    return switch (task) {
      case PREFILL -> "prefill, 32 x 32";
      case MIXED_PROMPTS -> "mixed prompts";
      case ABLATED_PROMPTS -> "the same, ablated";
      case BATCH_DECODE -> "32 sequences";
      case DECODE -> "one sequence";
    };
  }

  private static String unit(Task task) {
    return task == Task.DECODE ? "GB/s" : "GFLOP/s";
  }

  private static Map<String, Object> facts(ModelSpeed speed, Machine machine) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("machine", machine);
    facts.put("ceilings", facts(speed.ceilings()));
    facts.put("rates", speed.rates().stream().map(BenchCommand::facts).toList());
    return facts;
  }

  private static Map<String, Object> facts(Ceilings ceilings) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("bf16_gemm_flops", ceilings.bf16Gemm());
    facts.put("f32_gemm_flops", ceilings.f32Gemm());
    facts.put("dram_read_bytes", ceilings.dramRead());
    return facts;
  }

  private static Map<String, Object> facts(Rate rate) {
    var facts = new LinkedHashMap<String, Object>();
    facts.put("task", rate.task().name().toLowerCase(Locale.ROOT));
    facts.put("tokens_per_second", rate.tokens());
    facts.put(rate.task() == Task.DECODE ? "bytes_per_second" : "flops", rate.used());
    facts.put("share", rate.share());
    return facts;
  }
}
