namespace Drover.Rehearsal.Model;

/// <summary>The answer to a request while it is made: streamed, or whole at the end.</summary>
internal interface IMessage
{
    /// <summary>Whether anything has been sent; from then on a refusal can only stand in the stream.</summary>
    bool HasBegun { get; }

    /// <summary>Sends what stands before any content. The other methods do so themselves.</summary>
    Task Begin();

    Task BeginBlock(BlockKind kind);

    Task Piece(string text);

    Task EndBlock();

    Task CallTool(ToolCall call);

    /// <summary>An event of the stream as it stands, which the vendor would never send.</summary>
    Task Verbatim(string data);

    /// <summary>A refusal in the middle of the answer, which ends it.</summary>
    Task Fail(HttpRefusal refusal);

    Task Finish(bool calledTool);
}

internal enum BlockKind { Text, Thinking }

/// <summary>A part of an answer that is complete.</summary>
internal abstract record Block
{
    private Block() { }

    public sealed record Said(BlockKind Kind, string Text) : Block;

    public sealed record Called(ToolCall Call) : Block;
}
