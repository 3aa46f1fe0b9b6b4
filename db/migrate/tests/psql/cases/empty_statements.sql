;;
 ; select 1;;
