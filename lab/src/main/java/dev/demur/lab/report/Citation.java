package dev.demur.lab.report;

import dev.demur.lab.study.StudyResult;

/// A work the methods rest on.
///
/// @param text authors, year, title, place
/// @param address where it is found
public record Citation(String text, String address) {

  /// This study and its method as BibTeX.
  public static String bibtex(StudyResult study) {
    var model = study.model();
    return """
    @misc{demur,
      author = {{The Demur contributors}},
      title = {Demur},
      note = {Refusal in %s (weights SHA-256 %s), seed %s}
    }

    @article{arditi2024refusal,
      author = {Arditi, Andy and Obeso, Oscar and Syed, Aaquib and Paleka, Daniel and
                Panickssery, Nina and Gurnee, Wes and Nanda, Neel},
      title = {Refusal in Language Models Is Mediated by a Single Direction},
      journal = {arXiv preprint arXiv:2406.11717},
      year = {2024}
    }
    """
        .formatted(
            model.name().replaceAll("[^\\w ./-]", "-"),
            model.weightsSha256(),
            Long.toString(study.config().seed()));
  }

  public static final Citation ARDITI =
      new Citation(
          "A. Arditi, O. Obeso, A. Syed, D. Paleka, N. Panickssery, W. Gurnee, N. Nanda (2024)."
              + " Refusal in Language Models Is Mediated by a Single Direction. arXiv 2406.11717.",
          "https://arxiv.org/abs/2406.11717");

  public static final Citation SIU =
      new Citation(
          "Siu et al. 2025. COSMIC: generalized refusal direction identification in LLM"
              + " activations.",
          "https://arxiv.org/abs/2506.00085");

  public static final Citation VIG =
      new Citation(
          "J. Vig, S. Gehrmann, Y. Belinkov, S. Qian, D. Nevo, Y. Singer, S. Shieber (2020). Causal"
              + " Mediation Analysis for Interpreting Neural NLP. arXiv 2004.12265.",
          "https://arxiv.org/abs/2004.12265");

  public static final Citation WILSON =
      new Citation(
          "E. B. Wilson (1927). Probable inference, the law of succession, and statistical"
              + " inference. Journal of the American Statistical Association 22, 209–212.",
          "https://doi.org/10.1080/01621459.1927.10502953");

  public static final Citation CLOPPER_PEARSON =
      new Citation(
          "C. J. Clopper, E. S. Pearson (1934). The use of confidence or fiducial limits"
              + " illustrated in the case of the binomial. Biometrika 26, 404–413.",
          "https://doi.org/10.1093/biomet/26.4.404");

  public static final Citation MCNEMAR =
      new Citation(
          "Q. McNemar (1947). Note on the sampling error of the difference between correlated"
              + " proportions or percentages. Psychometrika 12, 153–157.",
          "https://doi.org/10.1007/BF02295996");

  public static final Citation TANGO =
      new Citation(
          "T. Tango (1998). Equivalence test and confidence interval for the difference in"
              + " proportions for the paired-sample design. Statistics in Medicine 17, 891–908.",
          "https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8%3C891::AID-SIM780%3E3.0.CO;2-B");

  public static final Citation EFRON =
      new Citation(
          "B. Efron (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics"
              + " 7, 1–26.",
          "https://doi.org/10.1214/aos/1176344552");

  public static final Citation STUDENT =
      new Citation(
          "Student (1908). The probable error of a mean. Biometrika 6, 1–25.",
          "https://doi.org/10.1093/biomet/6.1.1");

  public static final Citation SUN =
      new Citation(
          "M. Sun, X. Chen, J. Z. Kolter, Z. Liu (2024). Massive activations in large language"
              + " models. arXiv 2402.17762.",
          "https://arxiv.org/abs/2402.17762");

  public static final Citation COHEN =
      new Citation(
          "J. Cohen (1960). A coefficient of agreement for nominal scales. Educational and"
              + " Psychological Measurement 20, 37–46.",
          "https://doi.org/10.1177/001316446002000104");

  public static final Citation GWET =
      new Citation(
          "K. L. Gwet (2008). Computing inter-rater reliability and its variance in the presence of"
              + " high agreement. British Journal of Mathematical and Statistical Psychology 61,"
              + " 29–48.",
          "https://doi.org/10.1348/000711006X126600");

  public static final Citation ROGAN_GLADEN =
      new Citation(
          "W. J. Rogan, B. Gladen (1978). Estimating prevalence from the results of a screening"
              + " test. American Journal of Epidemiology 107, 71–76.",
          "https://doi.org/10.1093/oxfordjournals.aje.a112510");

  public static final Citation LANG_REICZIGEL =
      new Citation(
          "Z. Lang, J. Reiczigel (2014). Confidence limits for prevalence of disease adjusted for"
              + " estimated sensitivity and specificity. Preventive Veterinary Medicine 113,"
              + " 13–22.",
          "https://doi.org/10.1016/j.prevetmed.2013.09.015");

  public static final Citation COCHRAN =
      new Citation(
          "W. G. Cochran (1977). Sampling Techniques, third edition. Wiley.",
          "https://www.worldcat.org/isbn/9780471162407");

  public static final Citation HOLM =
      new Citation(
          "S. Holm (1979). A simple sequentially rejective multiple test procedure. Scandinavian"
              + " Journal of Statistics 6, 65–70.",
          "https://www.jstor.org/stable/4615733");
}
