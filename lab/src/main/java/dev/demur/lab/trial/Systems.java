package dev.demur.lab.trial;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.direction.Provenance;
import dev.demur.lab.monitor.MonitorTraining;
import dev.demur.lab.monitor.TrainingData;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.PolicyFile;
import dev.demur.lab.policy.fit.BypassFit;
import dev.demur.lab.policy.fit.CosmicFit;
import dev.demur.lab.policy.fit.FitSets;
import dev.demur.lab.policy.fit.NullSpace;
import dev.demur.lab.policy.fit.PolicyFits;
import dev.demur.lab.prompts.PromptSet;
import dev.demur.lab.run.ModelIdentity;
import dev.demur.lab.run.Progress;
import dev.demur.lab.run.RunStore;
import dev.demur.lab.run.Stage;
import dev.demur.model.ChatModel;
import dev.demur.model.local.Readers;
import dev.demur.model.tensor.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Fits all that can be fitted, for a trial of everything. What is fitted is found again in the run
/// folder, and lies there as files for people to use, in [#FOLDER].
///
/// @param model the model
/// @param prompts what is fitted on
/// @param refusalTokens that open a refusal, false refusals included
/// @param made what the files say of the model
/// @param store the run folder
/// @param progress receives every fit
public record Systems(
    ChatModel model,
    Prompts prompts,
    Set<Integer> refusalTokens,
    Provenance made,
    RunStore store,
    Progress progress) {

  /// Where the policy files lie in the run folder.
  public static final String FOLDER = "policies";

  /// Prompts of a set that a fit sees; as many as a study draws for its directions and choices.
  private static final int MOST = 160;

  private static final MonitorTraining.Settings BOUNDED =
      new MonitorTraining.Settings(0.01, 0.95, 42);

  /// Of which a monitor sets its threshold on more than the 299 that its bound takes.
  private static final int BOUND = 512;

  private static final int CLUSTERS = 4;

  /// What is fitted along a refusal direction.
  public enum Method {
    SURGICAL,
    ACE,
    CLUSTERS,
    SOM,
    ALPHASTEER,
    CAST,
    MONITOR;

    /// As people type it.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The prompts of fits.
  ///
  /// @param harmful to refuse
  /// @param harmless to follow
  /// @param pseudo to follow, and sounding harmful; empty where there are none, and then nothing is
  ///   surgical
  public record Prompts(PromptSet harmful, PromptSet harmless, Optional<PromptSet> pseudo) {

    private FitSets some() {
      return new FitSets(
          some(harmful), some(harmless), pseudo.map(Prompts::some).orElse(List.of()));
    }

    private static List<String> some(PromptSet set) {
      return set.first(MOST).instructions();
    }

    /// What a file was fitted on.
    private List<List<String>> all() {
      return List.of(
          harmful.instructions(),
          harmless.instructions(),
          pseudo.map(PromptSet::instructions).orElse(List.of()));
    }
  }

  public Systems {
    refusalTokens = Set.copyOf(refusalTokens);
  }

  /// The refusal direction by COSMIC's criterion, ablated.
  public Policy cosmic() throws IOException {
    return kept("cosmic", "", () -> new CosmicFit(model, prompts.some()).ablation().policy());
  }

  /// The refusal direction by what its ablation does to refusals, ablated.
  public Policy bypass() throws IOException {
    return kept(
        "bypass", "", () -> new BypassFit(model, prompts.some()).ablation(refusalTokens).policy());
  }

  /// What a method makes along a direction.
  ///
  /// @param gated how much of the direction is added behind a gate
  /// @throws IllegalArgumentException if the prompts are too few for it, or show nothing to fit
  public Policy fit(Method method, Direction direction, double gated) throws IOException {
    String along = Policy.addition(direction, gated).identity() + " " + direction.position();
    return kept(method.text(), along, () -> fitted(method, direction, gated));
  }

  private Policy fitted(Method method, Direction direction, double gated) {
    var fits = new PolicyFits(model, prompts.some(), direction);
    return switch (method) {
      case SURGICAL -> fits.surgical(1, refusalTokens).policy();
      case ACE -> fits.ace(0).policy();
      case CLUSTERS -> fits.clusters(CLUSTERS, refusalTokens).policy();
      case SOM -> fits.units(refusalTokens).policy();
      case ALPHASTEER -> fits.alphaSteer(fits.around(), NullSpace.usual(), 0.5).policy();
      case CAST -> fits.conditional(gated).policy();
      case MONITOR -> monitored(direction, gated);
    };
  }

  /// A monitor's bound takes several hundred benign prompts.
  private Policy monitored(Direction direction, double gated) {
    try {
      var monitor =
          new MonitorTraining(model, direction, refusalTokens, BOUNDED)
              .train(
                  new TrainingData(
                      prompts.harmful().first(MOST), prompts.harmless().first(BOUND), List.of()),
                  progress)
              .monitor();
      return PolicyFits.gated(direction, monitor.detector(model), monitor.threshold(), gated)
          .policy();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A policy by way of its file, so that what a fit read along the way need not stay in memory.
  private Policy kept(String name, String along, Supplier<Policy> fit) throws IOException {
    return PolicyFile.read(file(name, along, fit)).policy();
  }

  private Path file(String name, String along, Supplier<Policy> fit) throws IOException {
    try (var _ = Scope.open()) {
      var policy = store.get(new Fit(name, inputs(along), fit), progress);
      var written = new PolicyFile(policy, Optional.of(made));
      String file = FOLDER + "/" + name + ".safetensors";
      return store.folder().write(file, written::write, Readers.AS_USUAL);
    }
  }

  private Object inputs(String along) throws IOException {
    return List.of(
        ModelIdentity.of(model), along, prompts.all(), refusalTokens.stream().sorted().toList());
  }

  /// The stage that fits one policy.
  ///
  /// @param method what is fitted
  private record Fit(String method, Object inputs, Supplier<Policy> fit)
      implements Stage.OfFile<Policy> {

    @Override
    public String name() {
      return "fit-" + method;
    }

    @Override
    public String ending() {
      return ".safetensors";
    }

    @Override
    public String title() {
      return "fit " + method;
    }

    @Override
    public int size() {
      return 1;
    }

    /// Not counted: fits read the same prompts in many ways.
    @Override
    public long tokens() {
      return 0;
    }

    @Override
    public Policy compute() {
      return fit.get();
    }

    @Override
    public void write(Policy policy, Path file) throws IOException {
      new PolicyFile(policy, Optional.empty()).write(file);
    }

    @Override
    public Policy read(Path file) throws IOException {
      return PolicyFile.read(file).policy();
    }
  }
}
