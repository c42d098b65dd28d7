using Drover.Rehearsal.Scripts;

namespace Drover.Rehearsal.Agent.StreamJson;

/// <summary>Tells what the agent does in the lines that Claude Code 2.1 writes with <c>--output-format stream-json</c>.</summary>
internal sealed class StreamJsonVoice(LineWriter output, StreamJsonOptions options, TimeProvider time) : IVoice
{
    private readonly AssistantLines assistant = new(output, options);
    private readonly UserLines user = new(output, options, time);
    private readonly TroubleLines trouble = new(output, options);
    private readonly PartialMessages partial = new(output, options);
    private readonly ResultLine result = new(output, options);
    private readonly List<(string CallId, Tool Tool)> denials = [];
    private string messageId = "";
    private Tokens tokens = Tokens.None;
    private bool isThought;
    private UserMessage? opening;

    public void BeginTurn(UserMessage prompt)
    {
        denials.Clear();
        result.BeginTurn();
        output.Write(json => Opening.WriteInit(json, options));
        opening = options.ReplaysUserMessages ? prompt : null;
    }

    public void BeginReply(Tokens spent)
    {
        messageId = $"msg_{Guid.NewGuid():N}"[..28];
        tokens = spent;
        result.BeginReply();
        partial.Request();
        // The prompt is given back when it goes to the model.
        if (opening is { } prompt) user.WriteTakenUp(prompt);
        opening = null;
        partial.BeginMessage(messageId, spent);
    }

    public void BeginText(bool thought)
    {
        isThought = thought;
        partial.BeginBlock(thought ? "thinking" : "text");
    }

    public void Piece(string text) => partial.Delta(isThought ? "thinking" : "text", text);

    public void EndText(string text)
    {
        CutText(text);
        partial.EndBlock();
    }

    public void CutText(string text)
    {
        if (text.Length == 0) return;
        if (isThought) partial.Signature();
        assistant.Write(messageId, tokens, json =>
        {
            json.WriteString("type", isThought ? "thinking" : "text");
            json.WriteString(isThought ? "thinking" : "text", text);
            if (isThought) json.WriteString("signature", "rehearsed");
        });
    }

    public void CallTool(string callId, Tool tool)
    {
        var input = ToolLines.Input(tool, options);
        partial.BeginTool(callId, ToolLines.Name(tool));
        partial.Delta("partial_json", input);
        assistant.Write(messageId, tokens, json => ToolLines.WriteCall(json, callId, tool, options));
        partial.EndBlock();
    }

    public string AskPermission(string callId, Tool tool)
    {
        var requestId = Guid.NewGuid().ToString();
        output.Write(json => ToolLines.WriteQuestion(json, requestId, callId, tool, options));
        return requestId;
    }

    public void ReturnTool(string callId, Tool tool, ToolOutcome outcome)
    {
        if (outcome is ToolOutcome.Denied) denials.Add((callId, tool));
        result.ToolReturned();
        user.WriteResult(callId, tool, outcome);
    }

    public void EndReply(Tokens spent, bool calledTool)
    {
        result.Spend(spent);
        partial.EndMessage(spent, calledTool);
    }

    public void TakeUpSteer(UserMessage message)
    {
        if (options.ReplaysUserMessages) user.WriteTakenUp(message);
    }

    public void Retry(ModelError error, int attempt, int attempts, TimeSpan delay) => trouble.WriteRetry(Refusal.Of(error), attempt, attempts, delay);

    public void StreamEvent(long number, DateTimeOffset at) => assistant.WriteEvent(messageId, number, at);

    public void Verbatim(string line) => output.WriteText(line);

    public void EndTurn(TurnEnd end)
    {
        switch (end)
        {
            case TurnEnd.Completed or TurnEnd.Dropped { Silently: true }:
                break;
            case TurnEnd.Dropped:
                trouble.WriteSynthetic(Refusal.Broken);
                break;
            case TurnEnd.Interrupted interrupted:
                user.WriteInterruption(interrupted.InTool);
                break;
            case TurnEnd.Refused refused:
                trouble.WriteSynthetic(Refusal.Of(refused.Error));
                break;
            case TurnEnd.OutOfUsage limit:
                trouble.WriteLimit(limit.ResetsAt);
                trouble.WriteSynthetic(Refusal.UsageLimit(limit.ResetsAt));
                break;
        }

        result.Write(end, tokens, denials);
    }

    public bool LastTurnFailed => result.LastFailed;
}
