using System.Text;
using Drover.Api;

namespace Drover.Cli.Parsing;

/// <summary>What <c>--help</c> says, made of what the commands declare.</summary>
internal static class Help
{
    public static string OfAll()
    {
        var text = new StringBuilder("""
            Drover runs coding agents at once on a git repository and brings their work safely home.

            Usage: drover <command> [arguments] [options]

            """);
        foreach (var chapter in All().GroupBy(c => c.Chapter).OrderBy(c => c.Key))
        {
            text.Append($"\n{Title(chapter.Key)}\n");
            foreach (var command in chapter) text.Append($"  {command.Words,-18} {command.Summary}\n");
        }

        return text.Append(CommandsSay).ToString();
    }

    public static string OfGroup(string noun)
    {
        var text = new StringBuilder($"Usage: drover {noun} <command> [arguments] [options]\n\n");
        foreach (var command in All().Where(c => c.Words.StartsWith(noun + " ", StringComparison.Ordinal)))
            text.Append($"  {command.Words,-18} {command.Summary}\n");
        return text.Append($"\n'drover {noun} <command> --help' says more.\n").ToString();
    }

    public static string Of(Command command)
    {
        var text = new StringBuilder($"{command.Summary}\n\nUsage: {Usage(command)}\n");
        if (command.Arguments.Count > 0) text.Append("\nArguments\n");
        foreach (var argument in command.Arguments) text.Append($"  {argument.Name,-24} {argument.Help}\n");
        text.Append("\nOptions\n");
        foreach (var option in command.Options.Append(Option.Json)) text.Append($"  {Spelling(option),-24} {option.Help}{(option.Required ? " (needed)" : "")}\n");
        text.Append($"  {"--help, -h",-24} this text\n\nExamples\n");
        foreach (var example in command.Examples) text.Append($"  {example}\n");
        return text.ToString();
    }

    public static string Usage(Command command)
    {
        var text = new StringBuilder($"drover {command.Words}");
        foreach (var argument in command.Arguments)
        {
            var name = argument.Many ? argument.Name + "…" : argument.Name;
            text.Append(argument.Optional ? $" [{name}]" : $" {name}");
        }

        foreach (var option in command.Options.Where(o => o.Required)) text.Append($" {option.Name} {option.Value}");
        return text.Append(" [options]").ToString();
    }

    private static string Spelling(Option option) =>
        (option.Short is null ? "" : option.Short + ", ") + option.Name + (option.Value is null ? "" : " " + option.Value);

    private static IReadOnlyList<Command> All() => Catalogue.All();

    private static string Title(Chapter chapter) => chapter switch
    {
        Chapter.Setup => "Set up and look around",
        Chapter.Tickets => "Tickets",
        Chapter.Runs => "Runs of agents",
        Chapter.Landing => "Bring the work home",
        Chapter.Upkeep => "Upkeep",
    };

    private static readonly string CommandsSay = $"""

        Every command takes --help and --json. Environment: DROVER_HOME moves all state; NO_COLOR and a pipe switch colours off.
        Exit codes: {ExitCodes.Done} done · {ExitCodes.Failed} failed · {ExitCodes.Usage} wrong usage · {ExitCodes.NoServer} no server · {ExitCodes.Refused} refused · {ExitCodes.NotFound} not found

        """;
}
