mod webdeployments;
