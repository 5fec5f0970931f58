package dev.demur.serve.registry;

import dev.demur.lab.direction.Direction;
import dev.demur.lab.policy.LiveThought;
import dev.demur.lab.policy.Policy;
import dev.demur.lab.policy.PolicySyntaxException;
import dev.demur.model.hook.HookPlan;
import dev.demur.serve.answer.Edits;
import dev.demur.serve.answer.Lane.Side;
import dev.demur.serve.answer.Run;
import dev.demur.serve.answer.ServedModel;
import dev.demur.serve.answer.Watcher;
import dev.demur.serve.api.ApiException;
import dev.demur.serve.api.ApiException.Reason;
import dev.demur.serve.api.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What requests can have done to the model, and to whom.
///
/// A request says so in its field `demur`, or in the model's name: `NAME:POLICY` is the model under
/// the named policy. Safe for use by several threads.
public final class Treatments implements AutoCloseable {

  /// The field.
  public static final String FIELD = "demur";

  private static final int MOST_READS = 8;

  /// Whether clients hear what the monitor saw.
  public enum Telling {
    TOLD,
    UNTOLD
  }

  private final ServedModel model;
  private final Registry registry;
  private final Map<String, String> policies;
  private final Doses doses;
  private final Plans plans;
  private Optional<Watcher> watcher = Optional.empty();
  private Telling usually = Telling.UNTOLD;

  /// @param registry what policies can name; closed with this
  /// @param policies lines of the policy language, by name
  /// @throws IllegalArgumentException if a line is no policy, or does not fit the model
  public Treatments(ServedModel model, Registry registry, Map<String, String> policies) {
    this.model = model;
    this.registry = registry;
    this.policies = new LinkedHashMap<>(policies);
    this.doses = new Doses(model.chat());
    this.plans = new Plans(model.chat());
    policies.values().forEach(this::policy);
  }

  /// What a request wants, checked.
  ///
  /// @param name of the model, as it was asked for
  /// @param policy what is done to it
  /// @param reads directions to read along
  /// @param sides whose answers are written
  /// @param telling whether the client hears what the monitor saw
  public record Wanted(
      String name, Policy policy, Map<String, Direction> reads, List<Side> sides, Telling telling) {

    public Wanted {
      reads = new LinkedHashMap<>(reads);
      sides = List.copyOf(sides);
    }
  }

  /// Names under which the model can be asked: its own, and one for each policy.
  public List<String> modelNames() {
    var names = new ArrayList<String>();
    names.add(model.name());
    policies.keySet().forEach(policy -> names.add(model.name() + ":" + policy));
    return List.copyOf(names);
  }

  /// Reads what a request wants.
  ///
  /// @throws ApiException if no model has the name, or the policy is none
  public Wanted wanted(Fields body) {
    String name = body.text("model").orElse(model.name()).replaceFirst(":latest$", "");
    var fields = body.object(FIELD);
    var named = policyOf(name);
    var asked = asked(fields);
    var policy = asked.isNone() ? named : named.then(asked);
    var reads = new LinkedHashMap<String, Direction>();
    var telling = usually;
    for (String read : fields.texts("read", MOST_READS)) {
      if (read.equals(Registry.MONITOR) && registry.entry(read).isPresent()) {
        telling = Telling.TOLD;
      } else {
        reads.put(read, direction(read, fields.name("read")));
      }
    }
    var sides =
        fields.isOn("compare") ? List.of(Side.TREATED, Side.UNEDITED) : List.of(Side.TREATED);
    return new Wanted(name, policy, reads, sides, telling);
  }

  /// The policy of a field `policy`; none where there is no such field.
  ///
  /// @throws ApiException if it is none
  public Policy asked(Fields fields) {
    return fields
        .text("policy")
        .filter(text -> !text.isBlank())
        .map(line -> policy(line, fields.name("policy")))
        .orElseGet(Policy::none);
  }

  /// The policy behind a model's name.
  ///
  /// @throws ApiException if no model has the name
  public Policy policyOf(String name) {
    if (name.equals(model.name())) {
      return Policy.none();
    }
    return policies.entrySet().stream()
        .filter(entry -> name.equals(model.name() + ":" + entry.getKey()))
        .findFirst()
        .map(entry -> policy(entry.getValue()))
        .orElseThrow(
            () ->
                new ApiException(
                    Reason.MODEL,
                    "no model is called \"" + name + "\"; there are " + modelNames()));
  }

  /// A named policy.
  public Optional<Policy> named(String name) {
    return Optional.ofNullable(policies.get(name)).map(this::policy);
  }

  /// Reads a line of the policy language.
  ///
  /// @throws PolicySyntaxException if it is none
  /// @throws IllegalArgumentException if it does not fit the model
  public Policy policy(String line) {
    var policy = Policy.parse(line, registry);
    var shape = model.chat().config();
    policy.requireFits(model.name(), shape.dModel(), shape.nLayers());
    plans.requireThoughts(policy);
    return policy;
  }

  private Policy policy(String line, String param) {
    try {
      return policy(line);
    } catch (IllegalArgumentException e) {
      throw ApiException.invalid(param, String.valueOf(e.getMessage()));
    }
  }

  private Direction direction(String name, String param) {
    return registry
        .entry(name)
        .flatMap(Known::direction)
        .orElseThrow(
            () ->
                ApiException.invalid(
                    param,
                    "no direction is called \"" + name + "\"; there are " + registry.known()));
  }

  /// What a policy does to answers.
  public Edits edits(Policy policy) {
    return plans.of(policy);
  }

  /// What a policy does to a prompt behind which nothing is written.
  public HookPlan plan(Policy policy) {
    return edits(policy).next(LiveThought.Start.PLAIN).plan();
  }

  /// How what is wanted runs.
  public Run run(Wanted wanted) {
    return new Run(edits(wanted.policy()), wanted.reads(), wanted.sides(), watcher);
  }

  /// What was done, for the answer.
  public Done done(Wanted wanted) {
    return done(wanted.policy(), wanted.reads().keySet());
  }

  /// What using a policy would tell.
  public Done done(Policy policy) {
    return done(policy, Set.of());
  }

  private Done done(Policy policy, Set<String> reads) {
    var hashes = new LinkedHashMap<String, String>();
    policy.ingredients().keySet().forEach(name -> hash(name, hashes));
    reads.forEach(name -> hash(name, hashes));
    return new Done(
        Done.VERSION,
        policy.toString(),
        hashes,
        model.name(),
        model.weightsSha256(),
        doses.of(policy));
  }

  private void hash(String name, Map<String, String> hashes) {
    registry.entry(name).ifPresent(known -> hashes.put(name, known.sha256()));
  }

  /// Has every prompt from now on watched.
  ///
  /// @param told whether all clients hear what is seen, or those alone that ask for it
  public void watch(Watcher guard, Telling told) {
    watcher = Optional.of(guard);
    usually = told;
  }

  /// What policies can name.
  public Registry registry() {
    return registry;
  }

  @Override
  public void close() {
    registry.close();
  }
}
