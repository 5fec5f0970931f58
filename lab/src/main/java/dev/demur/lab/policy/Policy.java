package dev.demur.lab.policy;

import dev.demur.lab.direction.Direction;
import dev.demur.model.format.ModelFormatException;
import dev.demur.model.hook.HookPlan;
import dev.demur.model.hook.Steering;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What is done to the residual stream: an ordered list of rules, and what their names stand for. A
/// plain value: policies with the same rules and numbers are equal, print as one line that parses
/// back, and are written to a file and read back.
///
/// ```java
/// var policy = Policy.ablation(direction);
/// System.out.println(model.with(policy).chat("How do I sneak into the cinema?").text());
/// policy.write(Path.of("policy.safetensors"));
/// assert policy.equals(Policy.read(Path.of("policy.safetensors")));
/// var names = Names.of(Map.of("r", new Ingredient.Line(direction)));
/// assert policy.equals(Policy.parse("ablate r", names));
/// ```
///
/// Rules act in order. At one place a gate sees what the rules before its own did there.
///
/// @param rules what is done, in order
/// @param ingredients what the rules' names stand for; names no rule uses are left out
public record Policy(List<Rule> rules, Map<String, Ingredient> ingredients) implements Steering {

  /// The name of the one direction of a policy made from it.
  private static final String ONLY = "r";

  /// @throws IllegalArgumentException if a rule uses a name that stands for nothing, or for
  ///   something its operator or gate cannot use
  public Policy {
    rules = List.copyOf(rules);
    var used = new LinkedHashMap<String, Ingredient>();
    var given = ingredients;
    for (var rule : rules) {
      require(rule.operator().name(), Uses.of(rule.operator()), given);
      rule.gateName().ifPresent(name -> require(name, Uses.of(rule.gate()), given));
      rule.names().forEach(name -> used.putIfAbsent(name, given.get(name)));
    }
    ingredients = Collections.unmodifiableMap(used);
  }

  private static void require(String name, Uses use, Map<String, Ingredient> ingredients) {
    var found = Optional.ofNullable(ingredients.get(name));
    if (found.isEmpty()) {
      throw new IllegalArgumentException("nothing is called \"" + name + "\" in this policy");
    }
    if (!use.fits(found.get())) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is " + found.get().kind() + "; expected " + use.text());
    }
  }

  /// Does nothing.
  public static Policy none() {
    return new Policy(List.of(), Map.of());
  }

  /// One rule about one direction, called `r`.
  private static Policy of(Operator operator, Direction direction) {
    return new Policy(List.of(Rule.of(operator)), Map.of(ONLY, new Ingredient.Line(direction)));
  }

  /// Removes the component along the direction, x − (x·r̂) r̂, at every layer and every token.
  ///
  /// Source: Arditi et al. 2024 (arXiv 2406.11717), "directional ablation".
  public static Policy ablation(Direction direction) {
    return of(new Operator.Scale(ONLY, 0), direction);
  }

  /// Adds `coefficient` times the raw direction, x + c r, to the stream entering the one layer it
  /// was read from, at every token.
  ///
  /// Source: Arditi et al. 2024 (arXiv 2406.11717), "activation addition".
  public static Policy addition(Direction direction, double coefficient) {
    return of(new Operator.Add(ONLY, coefficient), direction);
  }

  /// Sets the component along the direction to a fixed value, x − (x·r̂) r̂ + t r̂, in the stream
  /// entering the one layer it was read from, at every token.
  public static Policy clamp(Direction direction, double target) {
    return of(new Operator.Clamp(ONLY, target), direction);
  }

  /// Reads a line of the policy language, such as `ablate r; add 0.4 q @layer 14 @answer when
  /// monitor > .7`. docs/policies.md has the grammar.
  ///
  /// @param names what the line's names stand for
  /// @throws PolicySyntaxException if the line is no policy; it says where, what stands there and
  ///   what should
  public static Policy parse(String line, Names names) {
    return PolicyParser.parse(line, names);
  }

  /// Reads what [#write] wrote, or an intervention an earlier version wrote. Its tensors belong to
  /// the caller's innermost scope.
  ///
  /// @throws ModelFormatException if the file is not a policy, or not a sound one
  public static Policy read(Path file) throws IOException {
    return PolicyFile.read(file).policy();
  }

  /// Writes the policy to one safetensors file, whole or not at all.
  ///
  /// @throws IOException if the folder is missing or cannot be written to
  public void write(Path file) throws IOException {
    new PolicyFile(this, Optional.empty()).write(file);
  }

  /// Whether it does nothing to any model.
  public boolean isNone() {
    return rules.isEmpty();
  }

  /// Whether its plan remembers something of each prompt, under the prompt's number there: what a
  /// gate said, or the row of the last token. Where numbers are not each prompt's own, as in an
  /// engine's requests, such a plan is for one prompt at a time.
  public boolean remembers() {
    return rules.stream()
        .anyMatch(
            rule ->
                !(rule.gate() instanceof Gate.Always)
                    || (rule.bare() instanceof Operator.Map(_, _, var from)
                        && from == Operator.From.LAST_PROMPT));
  }

  /// The edits of a forward pass over `layers` layers. What gates say of a prompt lives in the
  /// plan, under the prompt's number there.
  ///
  /// @throws IllegalArgumentException if a rule acts where its gate has not been read yet
  @Override
  public HookPlan plan(int layers) {
    return new Wiring(this, layers, Watch.NOBODY, new Frame.Prompts()).plan();
  }

  /// The edits of a pass whose prompts end in thoughts that were written before. A thought counts
  /// as written: positions count from the end of the prompt before it, so a thought that is put
  /// there is edited as one that is being written.
  ///
  /// @param thoughts tokens of each prompt's thought, by the prompt's number in the pass
  /// @throws IllegalArgumentException if a rule acts where its gate has not been read yet
  public HookPlan planBehind(List<Integer> thoughts, int layers) {
    return new Wiring(this, layers, Watch.NOBODY, new Frame.Thoughts(thoughts)).plan();
  }

  /// The same plan, with somebody who sees what each rule does.
  HookPlan planBehind(List<Integer> thoughts, int layers, Watch watch) {
    return new Wiring(this, layers, watch, new Frame.Thoughts(thoughts)).plan();
  }

  /// The edits of one answer whose thought is being written. Its tokens are edited as those of a
  /// thought that was written before: with the same policy the answer is the same.
  ///
  /// @param thought hears of every token before it is run
  /// @throws IllegalArgumentException if a rule acts where its gate has not been read yet
  public HookPlan planAlong(LiveThought thought, int layers) {
    return new Wiring(this, layers, Watch.NOBODY, new Frame.Live(thought)).plan();
  }

  /// Whether a rule asks where a thought ends.
  public boolean asksForThought() {
    return rules.stream().anyMatch(rule -> rule.span().asksForThought());
  }

  /// What is done while a thought is written: rules about the thought cover all that is written,
  /// those about what comes after it are left out.
  public Policy whileThinking() {
    return new Policy(
        rules.stream()
            .filter(rule -> rule.span() != Span.ANSWER_AFTER_THINKING)
            .map(rule -> rule.span() == Span.THINKING ? rule.at(Span.ANSWER) : rule)
            .toList(),
        ingredients);
  }

  /// Its rules for one span, and those for every token.
  public Policy with(Span span) {
    return new Policy(
        rules.stream().filter(rule -> rule.span() == span || rule.span() == Span.EVERY).toList(),
        ingredients);
  }

  /// The same plan, with somebody who sees what each rule does.
  HookPlan plan(int layers, Watch watch) {
    return new Wiring(this, layers, watch, new Frame.Prompts()).plan();
  }

  /// What a name stands for.
  Ingredient ingredient(String name) {
    return Optional.ofNullable(ingredients.get(name))
        .orElseThrow(() -> new IllegalArgumentException("nothing is called \"" + name + "\""));
  }

  /// This policy, then another. Where both use a name for different things, the other's is renamed.
  public Policy then(Policy next) {
    var all = new LinkedHashMap<>(ingredients);
    var renamed = new LinkedHashMap<String, String>();
    next.ingredients.forEach(
        (name, ingredient) -> {
          String free = name;
          for (int i = 2; !all.getOrDefault(free, ingredient).equals(ingredient); i++) {
            free = name + i;
          }
          all.put(free, ingredient);
          renamed.put(name, free);
        });
    var both = new ArrayList<>(rules);
    next.rules.forEach(rule -> both.add(Renaming.of(rule, renamed)));
    return new Policy(both, all);
  }

  /// The same with another coefficient of what it adds; empty unless one addition is all it does.
  public Optional<Policy> adding(double coefficient) {
    return rules.size() == 1 && rules.getFirst().operator() instanceof Operator.Add(var name, _)
        ? Optional.of(
            new Policy(
                List.of(
                    new Rule(
                        rules.getFirst().gate(),
                        rules.getFirst().span(),
                        rules.getFirst().places(),
                        new Operator.Add(name, coefficient))),
                ingredients))
        : Optional.empty();
  }

  /// What keeps the policy from running on a model of this shape, a sentence each; empty when
  /// nothing does.
  public List<String> problems(int dModel, int layers) {
    return Fitting.problems(this, dModel, layers);
  }

  /// Makes sure that the policy can run on a model of this shape.
  ///
  /// @param model its name, for the message
  /// @throws IllegalArgumentException with the first reason why it cannot
  public void requireFits(String model, int dModel, int layers) {
    var problems = problems(dModel, layers);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          "the policy does not fit " + model + ": " + problems.getFirst());
    }
  }

  /// What tells it from any other, its numbers included.
  public String identity() {
    return Identity.of(this);
  }

  /// The line, and what its names stand for, for people.
  public String description() {
    return ingredients.isEmpty()
        ? toString()
        : this
            + ", where "
            + ingredients.entrySet().stream()
                .map(entry -> PolicyText.name(entry.getKey()) + " is " + entry.getValue())
                .collect(Collectors.joining("; "));
  }

  /// The policy as a line of the language.
  @Override
  public String toString() {
    return rules.isEmpty()
        ? "nothing"
        : rules.stream().map(Rule::toString).collect(Collectors.joining("; "));
  }
}
