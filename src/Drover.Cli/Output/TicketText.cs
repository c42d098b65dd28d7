using System.Globalization;
using Drover.Api;
using Drover.Cli.Parsing;

namespace Drover.Cli.Output;

internal static class TicketText
{
    public static int Done(Call call, byte[] answer, Func<TicketJson, string> say) => call.Say(answer, ApiJson.Default.TicketJson, say);

    public static string Flags(TicketJson ticket) => (ticket.Held, ticket.Blocked) switch
    {
        ({ } held, { } blocked) => $"held by {held.By}, blocked: {blocked}",
        ({ } held, null) => $"held by {held.By}: {held.Reason}",
        (null, { } blocked) => $"blocked: {blocked}",
        (null, null) => "",
    };

    /// <summary>The flags, and what an open ticket depends on that is not done.</summary>
    public static string Marks(TicketJson ticket)
    {
        var needs = ticket.Stage is "done" or "cancelled" ? [] : ticket.DependsOn.Where(n => n.Stage != "done").Select(n => n.Ticket).ToList();
        return string.Join(", ", ((string[])[Flags(ticket), needs.Count == 0 ? "" : $"needs {string.Join(' ', needs)}"]).Where(m => m.Length > 0));
    }

    public static void Write(TicketJson ticket, TextWriter output)
    {
        output.WriteLine(Terminal.Strong(Terminal.Plain($"{ticket.Key}  {ticket.Title}")));
        output.WriteLine($"project   {ticket.Project}");
        output.WriteLine($"stage     {ticket.Stage}");
        output.WriteLine($"kind      {ticket.Kind}, priority {ticket.Priority.ToString(CultureInfo.InvariantCulture)}{(ticket.Agent is null ? "" : $", for {ticket.Agent}")}");
        if (Flags(ticket) is { Length: > 0 } flags) output.WriteLine($"flags     {Terminal.Plain(flags)}");
        foreach (var need in ticket.DependsOn) output.WriteLine($"needs     {need.Ticket}  {need.Stage}");
        output.WriteLine($"filed     {Time.Local(ticket.CreatedAt)}");
        foreach (var criterion in ticket.Criteria) output.WriteLine($"criterion {Terminal.Plain(criterion)}");
        if (ticket.Body.Length > 0) output.WriteLine($"\n{Terminal.Plain(ticket.Body).TrimEnd()}");
        if (ticket.Work is { } work) Write(work, output);
    }

    private static void Write(TicketWorkJson work, TextWriter output)
    {
        if (work.Attempts.Count > 0) output.WriteLine();
        foreach (var attempt in work.Attempts)
            output.WriteLine($"attempt   {attempt.Id}  {(attempt.CloseReason is { } closed ? Terminal.Plain(closed) : attempt.Worktree ?? attempt.WorktreeState)}");
        foreach (var run in work.Runs) output.WriteLine($"run       {Terminal.Plain($"{run.Name}  {run.Status}: {run.Evidence}")}");
        if (work.Runs.Count > 0) output.WriteLine($"usage     {RunText.Usage(work.Usage)}");
        if (work.Landing is { } landing)
            output.WriteLine($"landing   {landing.State}{(landing.Reason is null ? "" : $": {Terminal.Plain(landing.Reason)}")}");
        foreach (var gate in work.Gates)
        {
            output.WriteLine($"gate      {Terminal.Plain(gate.Gate)}  {(gate.Passed ? "passed" : $"failed{(gate.ExitCode is { } code ? $" with {code.ToString(CultureInfo.InvariantCulture)}" : "")}")}");
            if (!gate.Passed && gate.Output.Length > 0) output.WriteLine(Terminal.Plain(gate.Output).TrimEnd());
        }
    }
}
