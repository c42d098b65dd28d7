using Drover.Api;

namespace Drover.Cli.Output;

internal static class InboxText
{
    private const int Shown = 40;

    public static void Write(InboxJson inbox, TextWriter output)
    {
        foreach (var asked in inbox.Approvals) Write(asked, output);
        foreach (var ticket in inbox.Tickets) output.WriteLine($"{Terminal.Strong(ticket.Ticket)}  {ticket.Stage}  {Terminal.Line(ticket.Text, 160)}");
        if (inbox.Approvals.Count == 0 && inbox.Tickets.Count == 0) output.WriteLine("nothing waits for you");
        else if (inbox.Approvals is [var first, ..]) output.WriteLine($"\nnext: drover answer {Short(first)} allow   or   drover answer {Short(first)} deny --why TEXT");
    }

    private static void Write(ApprovalJson asked, TextWriter output)
    {
        output.WriteLine(Terminal.Strong(Terminal.Line($"{Short(asked)}  {asked.RunName} asks: {asked.Tool}{(asked.Kind == "other" ? "" : $" ({asked.Kind})")}", 200)));
        if (asked.Text is { } text) Indented(text, output);
        // What somebody answers for is shown to its last character.
        if (asked.Command is { } command) Whole("$ " + command, output);
        foreach (var file in asked.Files) Whole(file, output);
        if (asked.Diff is { } diff) Indented(diff, output);
        if (asked.Cut) Indented($"… not shown whole; 'drover logs {asked.RunName}' says where the rest is", output);
        output.WriteLine($"    since {Time.Local(asked.AskedAt)}{(asked.ExpiresAt is { } at ? $", answered by the time-out at {Time.Local(at)}" : "")}");
    }

    private static void Whole(string text, TextWriter output)
    {
        foreach (var line in Terminal.Plain(text).Split('\n')) output.WriteLine($"    {line}");
    }

    private static void Indented(string text, TextWriter output)
    {
        var lines = Terminal.Plain(text).TrimEnd().Split('\n');
        foreach (var line in lines.Take(Shown)) output.WriteLine($"    {Terminal.Line(line, 400)}");
        if (lines.Length > Shown) output.WriteLine($"    … and {lines.Length - Shown} lines more: drover inbox --json");
    }

    /// <summary>As much of the id as tells it from others by all odds.</summary>
    private static string Short(ApprovalJson asked) => asked.Id[..8];
}
