import org.jspecify.annotations.NullMarked;

/// The science: directions, interventions, judges, statistics, studies, reports.
@NullMarked
module dev.demur.lab {
  requires static transitive org.jspecify;
  requires java.logging;
  requires java.net.http;
  requires jdk.management;
  requires transitive dev.demur.model;
  requires transitive tools.jackson.databind;
  requires dev.hardwood.core;
  requires org.apache.commons.csv;
  requires org.apache.commons.rng.api;
  requires org.apache.commons.rng.sampling;
  requires org.apache.commons.rng.simple;
  requires org.apache.commons.statistics.distribution;
  requires org.apache.commons.statistics.inference;
  requires org.xerial.snappy;

  exports dev.demur.lab;
  exports dev.demur.lab.activations;
  exports dev.demur.lab.audit;
  exports dev.demur.lab.behaviour;
  exports dev.demur.lab.benchmark;
  exports dev.demur.lab.coherence;
  exports dev.demur.lab.data;
  exports dev.demur.lab.diff;
  exports dev.demur.lab.direction;
  exports dev.demur.lab.edit;
  exports dev.demur.lab.explain;
  exports dev.demur.lab.judge;
  exports dev.demur.lab.judge.endpoint;
  exports dev.demur.lab.judge.guard;
  exports dev.demur.lab.latent;
  exports dev.demur.lab.map;
  exports dev.demur.lab.map.effect;
  exports dev.demur.lab.map.geometry;
  exports dev.demur.lab.map.pairs;
  exports dev.demur.lab.map.reading;
  exports dev.demur.lab.map.style;
  exports dev.demur.lab.monitor;
  exports dev.demur.lab.paper;
  exports dev.demur.lab.policy;
  exports dev.demur.lab.policy.fit;
  exports dev.demur.lab.profile;
  exports dev.demur.lab.prompts;
  exports dev.demur.lab.report;
  exports dev.demur.lab.report.check;
  exports dev.demur.lab.report.explain;
  exports dev.demur.lab.report.format;
  exports dev.demur.lab.report.map;
  exports dev.demur.lab.report.measure;
  exports dev.demur.lab.report.paper;
  exports dev.demur.lab.report.study;
  exports dev.demur.lab.report.trial;
  exports dev.demur.lab.rows;
  exports dev.demur.lab.run;
  exports dev.demur.lab.score;
  exports dev.demur.lab.stats;
  exports dev.demur.lab.steer;
  exports dev.demur.lab.study;
  exports dev.demur.lab.think;
  exports dev.demur.lab.trial;
}
