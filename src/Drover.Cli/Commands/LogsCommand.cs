using System.Text.Json;
using Drover.Api;
using Drover.Cli.Output;
using Drover.Cli.Parsing;

namespace Drover.Cli.Commands;

internal sealed class LogsCommand : Command
{
    private static readonly Argument Which = new("KEY|RUN", "a ticket's key for all that happened to it, or a run's name or id");
    private static readonly Option Follow = new("--follow", null, "wait for what comes, until the run has settled or the ticket is closed") { Short = "-f" };

    public override Chapter Chapter => Chapter.Runs;

    public override string Summary => "Shows what an agent said and did.";

    public override IReadOnlyList<string> Examples => ["drover logs APP-12", "drover logs -f coder-app-12", "drover logs APP-12 --json"];

    public override IReadOnlyList<Argument> Arguments => [Which];

    public override IReadOnlyList<Option> Options => [Follow];

    public override int Run(Call call)
    {
        var isTicket = IsTicket(call, call[Which]);
        var feed = new FeedReader(call.Server, "0", call.Has(Follow), (isTicket ? "ticket" : "run", call[Which]));
        foreach (var line in feed.Lines())
        {
            using var happened = JsonDocument.Parse(line);
            if (call.Json) call.Output.WriteLine(line);
            else EventText.Write(happened.RootElement, call.Output);
            if (IsLast(happened.RootElement, isTicket)) break;
        }

        return ExitCodes.Done;
    }

    /// <summary>A run's name may look like a key, so the server is asked.</summary>
    private static bool IsTicket(Call call, string which)
    {
        try
        {
            call.Server.Get($"/api/v1/tickets/{Call.Part(which)}");
            return true;
        }
        catch (RefusedException e) when (e.Problem.Code == Problems.TicketNotFound.Code)
        {
            return false;
        }
    }

    private static bool IsLast(JsonElement happened, bool isTicket) => happened.GetProperty("type").GetString() switch
    {
        "run.settled" => !isTicket,
        "ticket.moved" => isTicket && happened.GetProperty("data").GetProperty("to").GetString() is "done" or "cancelled",
        _ => false,
    };
}
