using System.Text.Json.Nodes;

namespace Drover.Rehearsal.Model;

/// <summary>An answer in pieces. Whatever comes first begins the stream, and what ends the answer ends it; what stands between is the vendor's.</summary>
internal abstract class StreamedMessage(EventStream stream) : IMessage
{
    protected BlockKind Kind { get; private set; }

    public bool HasBegun => stream.HasBegun;

    public async Task Begin()
    {
        if (await stream.Begin()) await WriteHead();
    }

    public async Task BeginBlock(BlockKind kind)
    {
        Kind = kind;
        await Begin();
        await WriteBlockHead();
    }

    public abstract Task Piece(string text);

    public virtual Task EndBlock() => Task.CompletedTask;

    public async Task CallTool(ToolCall call)
    {
        await Begin();
        await WriteCall(call);
    }

    public async Task Verbatim(string data)
    {
        await Begin();
        await Send(data);
    }

    public async Task Fail(HttpRefusal refusal)
    {
        await Begin();
        await WriteFailure(refusal);
        await stream.End();
    }

    public async Task Finish(bool calledTool)
    {
        await Begin();
        await WriteEnd(calledTool);
        await stream.End();
    }

    protected virtual Task WriteHead() => Task.CompletedTask;

    protected virtual Task WriteBlockHead() => Task.CompletedTask;

    protected abstract Task WriteCall(ToolCall call);

    protected virtual Task WriteFailure(HttpRefusal refusal) => Send(refusal.Body);

    protected abstract Task WriteEnd(bool calledTool);

    protected Task Send(JsonObject body) => Send(body.ToJsonString());

    protected Task Send(string data) => stream.Send(data);
}
