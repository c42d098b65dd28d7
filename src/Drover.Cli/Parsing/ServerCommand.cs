namespace Drover.Cli.Parsing;

/// <summary>A command that the server's program does by itself, without a running server. It gets all arguments as they are.</summary>
internal abstract class ServerCommand : Command
{
    public sealed override bool TakesEverything => true;

    public sealed override int Run(Call call) => ServerProgram.Run([.. Words.Split(' '), .. call.Everything]);
}
