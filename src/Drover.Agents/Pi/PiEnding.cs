using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Drover.Agents.Wire;
using Drover.Core;

namespace Drover.Agents.Pi;

/// <summary>The end of a turn. pi's process exits with 0 whatever happened; the model's last message says how it was.</summary>
internal static partial class PiEnding
{
    public static void EndTurn(Draft<PiState> draft)
    {
        var turn = draft.State.Turn;
        draft.Say(new AgentEvent.TurnEnded(Judge(turn), turn.LastText));
        draft.State = draft.State with { InTurn = false, Running = false, Aborting = false, OpenTools = [], Turn = new() };
    }

    public static TurnEnding Judge(PiTurn turn)
    {
        if (turn.CalledOff) return Failures.Interrupted;
        if (turn.MessageOpen) return Failures.Failed(FailureClass.Connection, "the model's answer broke off in the middle");
        return turn.Stop switch
        {
            "stop" => TurnEnding.Succeeded,
            "toolUse" when turn.Over => TurnEnding.Succeeded, // a tool may end the run
            "aborted" => Failures.Interrupted,
            "length" => Failures.Failed(FailureClass.Context, "the answer was cut at the model's limit of tokens"),
            "error" => Failures.Failed(OfError(turn.Error), turn.Error ?? "the model's answer is an error without words"),
            null => Failures.Failed(FailureClass.Protocol, "the run ended without an answer of the model"),
            _ => Failures.Failed(FailureClass.Protocol, $"the run ended with '{turn.Stop}', which is not known"),
        };
    }

    /// <summary>An error's text begins with the status where the vendor's server gave one.</summary>
    public static FailureClass OfError(string? text)
    {
        if (text is null) return FailureClass.Other;
        if (ContextWords().IsMatch(text)) return FailureClass.Context;
        if (RefusalWords().IsMatch(text)) return FailureClass.Refused;
        var ofText = Failures.OfText(text);
        if (ofText is FailureClass.Context or FailureClass.UsageLimit) return ofText.Value;
        var status = Status().Match(text) is { Success: true } match ? int.Parse(match.ValueSpan, CultureInfo.InvariantCulture) : (int?)null;
        return Failures.OfStatus(status) ?? ofText ?? FailureClass.Other;
    }

    public static TurnEnding OfExit(PiState state, Input.Exited exited)
    {
        if (state.Greeted) return Failures.Ended(exited.ExitCode, exited.LastErrors, hadStarted: true);
        // That is followed by a question to a terminal, to which our first command is no answer.
        if (exited.LastErrors.Contains("Session found in different project", StringComparison.Ordinal)) return Failures.UnknownConversation("it was begun in another directory");
        if (exited.LastErrors.Contains("No session found matching", StringComparison.Ordinal)) return Failures.UnknownConversation(exited.LastErrors);
        // A model or an option that is not known is not known the next time either.
        return SettingsWords().IsMatch(exited.LastErrors)
            ? Failures.Failed(FailureClass.Other, exited.LastErrors.Trim())
            : Failures.Ended(exited.ExitCode, exited.LastErrors, hadStarted: false);
    }

    /// <summary>What the run's end says of its last answer counts before what was seen on the way, where lines may be missing.</summary>
    public static PiTurn Over(PiTurn turn, JsonElement line)
    {
        turn = turn with { Over = true };
        foreach (var message in line.Items("messages"))
        {
            if (message.Text("role") == "assistant") turn = turn with { MessageOpen = false, Stop = message.Text("stopReason"), Error = message.Text("errorMessage") };
        }

        return turn;
    }

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\A[45]\d\d\b", Plain)]
    private static partial Regex Status();

    [GeneratedRegex(@"request_too_large|token limit exceeded|exceeded model token limit|reduce the length of the messages|maximum prompt length|input token count.*exceeds", Plain)]
    private static partial Regex ContextWords();

    [GeneratedRegex(@"\brefus(al|ed to answer)\b|content_filter|content filter|\bstop_reason: refusal", Plain)]
    private static partial Regex RefusalWords();

    [GeneratedRegex(@"unknown (option|provider)|model ""[^""]*"" not found|no models? (match|available)|invalid thinking level", Plain)]
    private static partial Regex SettingsWords();
}
