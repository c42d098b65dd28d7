using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using Drover.Core;

namespace Drover.Server.Init;

/// <summary>The commented <c>drover.yaml</c> that a project starts with. Pure: what was found in, the file's text out.</summary>
internal static class StartingConfig
{
    /// <param name="name">The project's name; the directory's.</param>
    /// <param name="target">The repository's default branch; null while it has none.</param>
    public static string Write(string name, string? target, IReadOnlyList<FoundAgent> agents, IReadOnlyList<Guess> gates)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Drover's settings for this project. Drover reads this file from the target branch, so commit it: what an agent writes into its own copy
            # changes nothing. `drover config check` tells whether it is right. Every key is explained in docs/configuration.md of Drover.

            name: {Quote(name)}
            # Stands before the number in a ticket's key: {TicketKey.PrefixFrom(name)}-12.
            prefix: {TicketKey.PrefixFrom(name)}
            # Where finished work lands. Without the line: the repository's default branch.
            # target: {Quote(target ?? "main")}

            # Who can work. One agent works on one run at a time; `count: 3` makes three of a kind.
            agents:

            """);
        Roster(text, agents);
        text.Append("""

            # Commands that must pass, in a clean checkout of exactly the tree that would land. A list is started as it is, a text is a line for `sh -c`.
            gates:

            """);
        Gates(text, gates);
        text.Append("""

            # Commands run in each new worktree before its first agent.
            # post_create:
            #   - npm ci

            # Files linked from your checkout into each worktree, for what git does not hold.
            # symlinks:
            #   - .env

            # Who decides that a ticket lands: never (only `drover merge`), on-approval (a human approves), auto (green gates are enough).
            merge: on-approval
            # merge (a merge commit), squash (one commit), ff (fast-forward only).
            land: merge

            # A change to one of these, or to this file, lands only by a human's approval.
            # protected:
            #   - .github

            # Whether agents, gates and post_create run inside bubblewrap: auto (where it works), required, off.
            sandbox: auto

            limits:
              # The most runs at the same time.
              runs: 4

            """);
        return text.ToString();
    }

    private static void Roster(StringBuilder text, IReadOnlyList<FoundAgent> agents)
    {
        var coder = agents.FirstOrDefault(a => a.Path is not null) ?? agents[0];
        if (coder.Path is null) text.Append(CultureInfo.InvariantCulture, $"  # No agent was found on this machine. To install {coder.Preset.Title}: {coder.Preset.Install}\n");
        Agent(text, "  ", "coder", coder);
        foreach (var other in agents.Where(a => a != coder && a.Path is not null)) Agent(text, "  # ", other.Preset.Name, other);
    }

    private static void Agent(StringBuilder text, string margin, string name, FoundAgent agent)
    {
        text.Append(CultureInfo.InvariantCulture, $"{margin}{name}:\n{margin}  adapter: {agent.Preset.Adapter}\n");
        if (!agent.Preset.IsDefault) text.Append(CultureInfo.InvariantCulture, $"{margin}  command: {List(agent.Preset.Command)}\n");
        text.Append(CultureInfo.InvariantCulture, $"{margin}  roles: [coder]\n{margin}  # model: the vendor's default\n");
        text.Append(CultureInfo.InvariantCulture, $"{margin}  # limits: {{ idle: 300s, tool: 1h, wall: 4h }}\n");
    }

    private static void Gates(StringBuilder text, IReadOnlyList<Guess> gates)
    {
        if (gates.Count == 0)
        {
            text.Append("  # Nothing was found that tests this project. Until a command stands here, nothing is checked before it lands.\n  []\n");
            return;
        }

        foreach (var (gate, i) in gates.Select((g, i) => (g, i)))
        {
            var margin = i == 0 ? "  " : "  # ";
            text.Append(CultureInfo.InvariantCulture, $"{margin}# {gate.Why}\n{margin}- name: {(i == 0 ? "test" : "test-" + (i + 1).ToString(CultureInfo.InvariantCulture))}\n{margin}  run: {(gate.IsShellLine ? Quote(gate.Run[0]) : List(gate.Run))}\n{margin}  timeout: 30m\n");
        }
    }

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items.Select(Quote))}]";

    /// <summary>A text as YAML: plain when nothing in it could mean anything, else in double quotes, where YAML reads what JSON writes.</summary>
    internal static string Quote(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/')
            && text is not ("true" or "false" or "null" or "yes" or "no" or "on" or "off" or "y" or "n")
            ? text : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
