using Drover.Rehearsal;
using Drover.Rehearsal.Agent.Acp;
using Drover.Rehearsal.Agent.StreamJson;
using Drover.Rehearsal.Model;
using Drover.Rehearsal.Scripts;

#pragma warning disable RS0030 // The one place where the current directory is looked at: it is the agent's working directory by definition.
var here = Environment.CurrentDirectory;
#pragma warning restore RS0030

try
{
    return args switch
    {
        ["agent", .. var rest] => Agent(new Arguments(rest)),
        ["model", .. var rest] => await ModelServer.Run(new Arguments(rest), TimeProvider.System),
        ["script", "check", var file] => ScriptCheck.Run(file, Console.Out),
        ["script", "list"] => ScriptCheck.List(Console.Out),
        _ => Usage(),
    };
}
catch (ScriptException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

int Agent(Arguments arguments) => arguments.Value("--protocol") switch
{
    "stream-json" => StreamJsonAgent.Run(arguments, here, TimeProvider.System),
    "acp" => AcpAgent.Run(arguments, TimeProvider.System),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        usage: drover-rehearsal agent --protocol stream-json|acp --script FILE [--state DIR] [flags of the CLI it stands in for]
               drover-rehearsal model --script [NAME=]FILE [--script NAME=FILE]... [--port N] [--log FILE]
               drover-rehearsal script check FILE
               drover-rehearsal script list
        FILE is a script in YAML, or builtin:NAME. The model server plays NAME=FILE to those who ask below /s/NAME.
        """);
    return 64;
}
