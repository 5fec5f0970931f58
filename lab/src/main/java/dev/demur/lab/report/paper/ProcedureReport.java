package dev.demur.lab.report.paper;

import static dev.demur.lab.report.Columns.text;

import dev.demur.lab.benchmark.Task;
import dev.demur.lab.prompts.SamplingMode;
import dev.demur.lab.report.Block;
import dev.demur.lab.report.Block.Data;
import dev.demur.lab.report.Block.Fold;
import dev.demur.lab.report.Block.Notice;
import dev.demur.lab.report.Block.Prose;
import dev.demur.lab.report.Report.Section;
import dev.demur.lab.report.Table;
import dev.demur.lab.study.EvaluationResult.HarmRow;
import dev.demur.lab.study.StudyConfig.Grid;
import dev.demur.lab.study.StudyResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// The choices in which the released code and Demur usually part, and what this study did.
final class ProcedureReport {

  private static final String SAME = "as there";

  private ProcedureReport() {}

  /// One choice.
  ///
  /// @param there what the paper or its released code does
  /// @param here what this study did
  private record Choice(String what, String there, String here) {}

  static Section of(StudyResult study) {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Prose(
            "This study follows the procedure of Arditi et al. 2024 and its released code where"
                + " Demur usually does something else. These are the choices that change"
                + " numbers."));
    blocks.add(new Data(table(study), Fold.OPEN));
    study
        .screen()
        .objection()
        .ifPresent(
            sentence ->
                blocks.add(
                    new Notice("Without this procedure there would be no direction. " + sentence)));
    return new Section("as_paper", "As in the paper", blocks);
  }

  private static Table table(StudyResult study) {
    return Table.of(
        "procedure",
        "Choices of the procedure: what the paper does, and what this study did.",
        choices(study),
        text("choice", "Choice", Choice::what),
        text("paper", "The paper", Choice::there),
        text("study", "This study", Choice::here));
  }

  private static List<Choice> choices(StudyResult study) {
    var config = study.config();
    return List.of(
        new Choice(
            "Refusal tokens",
            "set by hand for each family (table 4)",
            config.refusalTokens().isEmpty()
                ? "found, because the paper names none for this vocabulary"
                : "given: " + String.join(", ", study.model().refusalTokens())),
        new Choice(
            "Draw of the prompts",
            "CPython's random, one stream for all sets",
            config.sampling() == SamplingMode.PYTHON_RANDOM
                ? SAME
                : "a seeded stream for each set"),
        new Choice("Gate before the search", "none", SAME),
        new Choice("Screen of the prompts", "by the score of the tokens above", SAME),
        new Choice(
            "Scored candidates",
            "every one",
            config.grid() == Grid.FULL
                ? "every one but pure noise (layer 0 at a template token)"
                : "those no earlier filter has ruled out"),
        new Choice(
            "Judge of harm", "Llama Guard 2; the HarmBench classifier for attacks", harm(study)),
        new Choice(
            "Numbers",
            "half precision",
            "matrices in " + study.model().dtype() + ", stream in float32"),
        new Choice("Own answers, tokenized", "anew from their stripped text", SAME),
        new Choice(
            "Prompts of the explanation",
            "128 drawn from JailbreakBench and HarmBench-test",
            "the first of the file or sets it is given"),
        new Choice(
            "Benchmarks",
            "evaluation harness of May 2024, with the Open LLM Leaderboard's examples",
            "harness " + Task.HARNESS + "; the same examples with the leaderboard preset"));
  }

  private static String harm(StudyResult study) {
    var judges =
        study.evaluation().harms().stream()
            .map(HarmRow::judge)
            .distinct()
            .collect(Collectors.joining(", "));
    return judges.isEmpty() ? "none: harm was not judged" : judges;
  }
}
