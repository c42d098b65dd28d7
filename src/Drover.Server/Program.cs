using Drover.Node;
using Drover.Server.Config;
using Drover.Server.Demo;
using Drover.Server.Doctor;
using Drover.Server.Host;
using Drover.Server.Init;
using Drover.Server.Recordings;
using Drover.Server.Rosters;
using Drover.Server.Verbs;

return args switch
{
    ["serve", .. var rest] => await ServeVerb.Run(rest),
    ["init", .. var rest] => await InitVerb.Run(rest, VerbIo.OfProcess(), Programs.Find, TimeProvider.System, CancellationToken.None),
    ["doctor", .. var rest] => await DoctorVerb.Run(rest, VerbIo.OfProcess(), Programs.Find, TimeProvider.System),
    ["demo", .. var rest] => await DemoVerb.Run(rest, VerbIo.OfProcess(), Programs.Find, TimeProvider.System),
    ["agents", "login", .. var rest] => LoginVerb.Run(rest, VerbIo.OfProcess()),
    ["agents", "read", .. var rest] => ReadVerb.Run(rest, VerbIo.OfProcess(), Console.OpenStandardInput),
    ["config", "check", .. var rest] => ConfigVerb.Check(rest, VerbIo.OfProcess()),
    ["config", "schema", .. var rest] => ConfigVerb.Schema(rest, VerbIo.OfProcess()),
    _ => Unknown(args),
};

static int Unknown(string[] args)
{
    Console.Error.WriteLine(args.Length == 0
        ? "drover-server is started by 'drover up'; to run it by hand: drover-server serve"
        : $"drover-server knows no '{args[0]}'; use the drover command");
    return 2;
}
