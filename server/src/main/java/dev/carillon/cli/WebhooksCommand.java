package dev.carillon.cli;

import picocli.CommandLine.Command;

/** What operators do about webhooks. */
@Command(
    name = "webhooks",
    description = "Sends webhooks again that were given up.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class WebhooksCommand {}
