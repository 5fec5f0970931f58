package dev.demur.lab.trial;

/// How a trial is run.
///
/// @param maxNewTokens length at which an answer is cut
/// @param batch answers written together
/// @param margin by how much a share may get worse before it counts, 0 to 1
/// @param controls random controls of each policy, 0 or more
/// @param seed of the controls
/// @param attack most directions an attacker ablates from a defence; 0 leaves attacks out
public record TrialConfig(
    int maxNewTokens, int batch, double margin, int controls, long seed, int attack) {

  public TrialConfig {
    if (maxNewTokens < 1 || batch < 1 || controls < 0 || attack < 0) {
      throw new IllegalArgumentException(
          "new tokens and batch must be >= 1, controls and attack >= 0");
    }
    if (!(margin > 0 && margin < 1)) {
      throw new IllegalArgumentException("margin must be between 0 and 1, was " + margin);
    }
  }

  /// Answers of 128 tokens, a margin of five points, one control a policy, eight directions.
  public static TrialConfig usual() {
    return new TrialConfig(128, 128, 0.05, 1, 42, 8);
  }
}
