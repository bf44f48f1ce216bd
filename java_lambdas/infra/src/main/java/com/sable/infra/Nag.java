package com.sable.infra;

import io.github.cdklabs.cdknag.AwsSolutionsChecks;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.LegacyStackSynthesizer;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.cloudformation.include.CfnInclude;

/**
 * The nag pack on templates as they are in files, whoever has changed them since they were
 * synthesised. Takes the folder of the templates, and where reports go.
 */
public final class Nag {
  private static final String ENDING = ".template.json";

  private Nag() {}

  /** Prints a line for each finding that nobody has allowed: stack, and rule with its text. */
  public static void main(String[] arguments) throws IOException {
    Path reports = Path.of(arguments[1]);
    App app =
        new App(AppProps.builder().outdir(reports.toString()).analyticsReporting(false).build());
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of(arguments[0]), "*" + ENDING)) {
      for (Path file : files) {
        String name = file.getFileName().toString().replace(ENDING, "");
        Stack stack = new Stack(app, name, plain());
        CfnInclude.Builder.create(stack, "Template").templateFile(file.toString()).build();
      }
    }
    Aspects.of(app).add(new AwsSolutionsChecks());
    app.synth();
    Sable.refused(reports).forEach(System.out::println);
  }

  private static StackProps plain() {
    return StackProps.builder().synthesizer(new LegacyStackSynthesizer()).build();
  }
}
