using System.Globalization;
using System.Text.Json;
using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.Acp;

/// <summary>Tells what the agent does in updates of the Agent Client Protocol, worded as OpenCode words them. A prompt that comes in during a turn joins it
/// at the next tool boundary, and both are answered when the turn ends.</summary>
internal sealed class AcpVoice(AcpWire wire, string sessionId, string workingDirectory) : IVoice
{
    /// <summary>Makes an event about 330 bytes, the size of a typical one.</summary>
    private static readonly string Filling = new('.', 60);

    private readonly List<JsonElement> open = [];
    private string messageId = "";
    private string kind = "";
    private int lastRequest = -1;
    private Tokens ofTurn = Tokens.None;
    private Tokens ofSession = Tokens.None;

    public void BeginTurn(UserMessage prompt)
    {
        open.Clear();
        ofTurn = Tokens.None;
        TakeUpSteer(prompt);
    }

    public void BeginReply(Tokens tokens) => messageId = $"msg_{Guid.NewGuid():N}"[..28];

    public void BeginText(bool isThought) => kind = isThought ? "agent_thought_chunk" : "agent_message_chunk";

    public void Piece(string text) => AcpUpdates.Chunk(wire, sessionId, kind, messageId, text);

    public void EndText(string text)
    {
        // The chunks were all there is; this protocol has no finished block.
    }

    public void CutText(string text) => EndText(text);

    public void CallTool(string callId, Tool tool)
    {
        wire.Update(sessionId, "tool_call", json =>
        {
            AcpUpdates.Head(json, callId, AcpUpdates.Name(tool), tool, "pending");
            AcpUpdates.Locations(json, tool, workingDirectory);
            json.WriteStartObject("rawInput");
            json.WriteEndObject();
        });
        wire.Update(sessionId, "tool_call_update", json =>
        {
            AcpUpdates.Head(json, callId, AcpUpdates.Title(tool), tool, "in_progress");
            AcpUpdates.Locations(json, tool, workingDirectory);
            AcpUpdates.RawInput(json, tool, workingDirectory);
        });
    }

    public string AskPermission(string callId, Tool tool)
    {
        lastRequest++;
        wire.Request(lastRequest, "session/request_permission", json =>
        {
            json.WriteString("sessionId", sessionId);
            json.WriteStartObject("toolCall");
            AcpUpdates.Head(json, callId, AcpUpdates.Title(tool), tool, "pending");
            AcpUpdates.Locations(json, tool, workingDirectory);
            AcpUpdates.RawInput(json, tool, workingDirectory);
            if (tool is Tool.Write write) AcpUpdates.Diff(json, write, workingDirectory);
            json.WriteEndObject();
            json.WriteStartArray("options");
            AcpUpdates.Option(json, AcpReader.AllowOnce, "allow_once", "Allow once");
            AcpUpdates.Option(json, AcpReader.AllowAlways, "allow_always", "Always allow");
            AcpUpdates.Option(json, "reject", "reject_once", "Reject");
            json.WriteEndArray();
        });
        return lastRequest.ToString(CultureInfo.InvariantCulture);
    }

    public void ReturnTool(string callId, Tool tool, ToolOutcome outcome)
    {
        var (text, hasFailed) = outcome switch
        {
            ToolOutcome.Ran ran => (ran.Output, ran.ExitCode != 0),
            ToolOutcome.Wrote => ("Wrote file successfully.", false),
            ToolOutcome.Failed failed => (failed.Why, true),
            ToolOutcome.Denied denied => (denied.Why, true),
            _ => ("Tool execution aborted", true),
        };
        wire.Update(sessionId, "tool_call_update", json =>
        {
            json.WriteString("toolCallId", callId);
            json.WriteString("status", hasFailed ? "failed" : "completed");
            json.WriteString("title", AcpUpdates.Title(tool));
            AcpUpdates.Content(json, text);
            json.WriteStartObject("rawOutput");
            json.WriteString("output", text);
            if (outcome is ToolOutcome.Ran ran)
            {
                json.WriteStartObject("metadata");
                json.WriteNumber("exit", ran.ExitCode);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    public void EndReply(Tokens tokens, bool calledTool)
    {
        ofTurn = ofTurn.Plus(tokens);
        ofSession = ofSession.Plus(tokens);
    }

    public void TakeUpSteer(UserMessage message)
    {
        if (message.RequestId is { } id) open.Add(id);
    }

    public void Retry(ModelError error, int attempt, int attempts, TimeSpan delay)
    {
        // This protocol has no word for it: the client sees nothing while the agent waits.
    }

    public void StreamEvent(long number, DateTimeOffset at) => AcpUpdates.Chunk(
        wire, sessionId, "agent_message_chunk", messageId,
        string.Create(CultureInfo.InvariantCulture, $"event {number} at {at.ToUnixTimeMilliseconds()} {Filling}\n"));

    public void Verbatim(string line) => wire.Verbatim(line);

    public void EndTurn(TurnEnd end)
    {
        wire.Update(sessionId, "usage_update", json =>
        {
            json.WriteNumber("used", ofTurn.Input + ofTurn.CacheRead + ofTurn.CacheWrite);
            json.WriteNumber("size", 200000);
            json.WriteStartObject("cost");
            json.WriteNumber("amount", ofSession.Usd);
            json.WriteString("currency", "USD");
            json.WriteEndObject();
        });
        foreach (var id in open) End(id, end);
    }

    private void End(JsonElement id, TurnEnd end)
    {
        switch (end)
        {
            case TurnEnd.Completed:
                wire.Answer(id, json => AcpUpdates.Stop(json, "end_turn", ofTurn));
                break;
            case TurnEnd.Interrupted:
                wire.Answer(id, json => AcpUpdates.Stop(json, "cancelled", ofTurn));
                break;
            case TurnEnd.Dropped { Silently: true }:
                wire.Answer(id, json => AcpUpdates.Stop(json, "end_turn", ofTurn));
                break;
            case TurnEnd.Dropped:
                Fail(id, "the connection to the model broke", "connection");
                break;
            case TurnEnd.Refused { Error: ModelError.Unauthorized }:
                wire.Fail(id, -32000, "Authentication required", json => json.WriteString("errorKind", "authentication_failed"));
                break;
            case TurnEnd.Refused { Error: var error }:
                Fail(id, AcpUpdates.Text(error), AcpUpdates.Kind(error));
                break;
            case TurnEnd.OutOfUsage limit:
                wire.Fail(id, -32603, "Internal error: You've hit your usage limit", json =>
                {
                    json.WriteString("errorKind", "usage_limit");
                    json.WriteNumber("resetsAt", limit.ResetsAt.ToUnixTimeSeconds());
                });
                break;
        }
    }

    private void Fail(JsonElement id, string text, string word) =>
        wire.Fail(id, -32603, $"Internal error: {text}", json => json.WriteString("errorKind", word));
}
